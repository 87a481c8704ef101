// Downloads: what is refused, and what is fetched again.
#include <doctest/doctest.h>

#include "world.h"

using namespace airsketch;

TEST_CASE("an image larger than the slot is refused") {
  World world;
  world.server.image = imageOf(10001);
  CHECK(world.failure().find("too_big") == 0);
}

TEST_CASE("an image for another chip is refused before it is written") {
  World world;
  world.server.image[0] = 0;
  CHECK(world.failure().find("wrong_board") == 0);
  CHECK(world.bot.persistent.slots[1].empty());
}

TEST_CASE("first bytes damaged in transit are not taken for another board") {
  for (long byte = 0; byte < 24; byte++) {
    World world;
    world.server.chunk_bytes = 10;
    world.server.fault = Fault::kCorrupt;
    world.server.faultFromImage = true;
    world.server.faultAtByte = byte;
    CHECK(world.bot.boot(60000) == End::kRestart);
    CHECK(runs(world.bot, world.server.image));
    CHECK(reportsOf(world.server, "failed") == 0);
  }
}

TEST_CASE("an image that always arrives damaged is not taken for another board, and not written") {
  World world;
  world.server.imageServed = world.server.image;
  world.server.imageServed[0] = 0;
  CHECK(world.failure().find("wrong_digest") == 0);
  CHECK(world.bot.persistent.slots[1].empty());
}

TEST_CASE("a wrong digest is refused after one retry") {
  World world;
  world.server.sha256 = std::string(64, 'a');
  CHECK(world.failure().find("wrong_digest") == 0);
  int fetched = 0;
  for (const Call& call : world.server.calls) fetched += call.method == "GET";
  CHECK(fetched % 2 == 0);
}

TEST_CASE("another size than announced is refused") {
  for (const bool sendsLength : {true, false}) {
    World longer;
    longer.server.sendsLength = sendsLength;
    longer.server.imageServed = longer.server.image + "x";
    CHECK(longer.failure().find("wrong_size") == 0);
    World none;
    none.server.sendsLength = sendsLength;
    none.server.sizeInOffer = 0;
    CHECK(none.failure().find("wrong_size") == 0);
  }
  World shorter;
  shorter.server.imageServed = shorter.server.image.substr(0, 4999);
  CHECK(shorter.failure().find("wrong_size") == 0);
}

TEST_CASE("a flash write error is reported") {
  World world;
  world.bot.flashIsBroken = true;
  CHECK(world.failure().find("flash_write") == 0);
}

TEST_CASE("a connection that always breaks is retried with growing waits") {
  World world;
  world.server.chunk_bytes = 0;  // every body ends at once
  world.bot.boot(10000);
  CHECK(world.server.openedCalls() < 20);
}

TEST_CASE("a server that ignores ranges is read from the start again") {
  World world;
  world.server.ignoresRanges = true;
  world.server.fault = Fault::kCut;
  world.server.faultAtByte = 4000;
  CHECK(world.bot.boot(60000) == End::kRestart);
  CHECK(runs(world.bot, world.server.image));
}

TEST_CASE("a cancelled update is abandoned") {
  World world;
  const End end = world.bot.boot(50000, [&](Session& session) {
    if (session.state() == State::kDownloading) world.server.isClosed = true;
  });
  CHECK(end == End::kTimeIsOver);
  CHECK(reportsOf(world.server, "failed") == 0);
}
