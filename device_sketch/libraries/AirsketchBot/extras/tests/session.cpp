// The agent on a model board against a model server: what it does, what it refuses.
#include <doctest/doctest.h>

#include "board.h"

using namespace airsketch;

namespace {

std::string imageOf(size_t size) {
  std::string image(size, 'x');
  for (size_t at = 0; at < size; at++) image[at] = static_cast<char>(at * 7);
  image[0] = static_cast<char>(ModelFlash::kImageStart);
  return image;
}

bool runs(const ModelBot& bot, const std::string& image) {
  return std::string(bot.image().begin(), bot.image().end()) == image;
}

struct World {
  ModelServer server;
  ModelBot bot{server};
  World() { server.image = imageOf(5000); }

  // Runs the bot until it is quiet; what the last report of a failure said.
  std::string failure() {
    CHECK(bot.boot(300000) == End::kTimeIsOver);
    CHECK_FALSE(runs(bot, server.image));
    for (const std::string& report : server.reports())
      if (report.find("failed") != std::string::npos) return report.substr(report.find("\"error\":\"") + 9);
    return "";
  }
};

int reportsOf(const ModelServer& server, const std::string& state) {
  int count = 0;
  for (const std::string& report : server.reports()) count += report.find("\"" + state + "\"") != std::string::npos;
  return count;
}

}  // namespace

TEST_CASE("an update goes all its way") {
  World world;
  CHECK(world.bot.boot(10000) == End::kRestart);
  CHECK(runs(world.bot, world.server.image));
  CHECK_FALSE(world.bot.isConfirmed());
  CHECK(reportsOf(world.server, "downloading") == 1);
  CHECK(reportsOf(world.server, "installing") == 1);
  CHECK(reportsOf(world.server, "restarting") == 1);
  world.server.isClosed = true;
  CHECK(world.bot.boot(10000) == End::kTimeIsOver);
  CHECK(world.bot.isConfirmed());
  CHECK(world.server.lastCheckIn()->body.find("\"trigger\":\"boot\"") != std::string::npos);
  CHECK(world.server.lastCheckIn()->body.find(sha256Of(world.bot.image())) != std::string::npos);
  CHECK(world.bot.persistent.texts.count("trial") == 0);
}

TEST_CASE("a new image is confirmed by a signed answer only") {
  World world;
  world.bot.boot(10000);
  world.server.isDown = true;
  CHECK(world.bot.boot(20 * 60000) == End::kTimeIsOver);
  CHECK_FALSE(world.bot.isConfirmed());
}

TEST_CASE("a new image that finds no Wi-Fi makes room for the former one") {
  World world;
  world.bot.boot(10000);
  const auto networks = world.bot.wifi.networks;
  world.bot.wifi.networks.clear();
  CHECK(world.bot.boot(30 * 60000) == End::kRestart);
  world.bot.wifi.networks = networks;
  CHECK(world.bot.boot(10000) == End::kTimeIsOver);
  CHECK_FALSE(runs(world.bot, world.server.image));
  bool said = false;
  for (const Call& call : world.server.calls) said = said || call.body.find("\"rolled_back\"") != std::string::npos;
  CHECK(said);
}

TEST_CASE("a rolled-back image is refused until the button asks for it") {
  World world;
  world.bot.boot(10000);
  world.bot.persistent.cutAtMoment = world.bot.persistent.moments + 1;
  CHECK(world.bot.boot(10000) == End::kPowerCut);
  CHECK(world.failure().find("rolled back before") == 0);
  world.server.calls.clear();
  const End end = world.bot.boot(120000, [&](Session& session) {
    if (world.bot.system.clock_ms == 0) return;
    session.checkNow();
  });
  CHECK(end == End::kRestart);
  CHECK(runs(world.bot, world.server.image));
}

TEST_CASE("an image larger than the slot is refused") {
  World world;
  world.server.image = imageOf(10001);
  CHECK(world.failure().find("too_big") == 0);
}

TEST_CASE("an image of another chip is refused before it is written") {
  World world;
  world.server.image[0] = 0;
  CHECK(world.failure().find("wrong_board") == 0);
  CHECK(world.bot.persistent.slots[1].empty());
}

TEST_CASE("a wrong digest is refused after one more try") {
  World world;
  world.server.sha256 = std::string(64, 'a');
  CHECK(world.failure().find("wrong_digest") == 0);
  int fetched = 0;
  for (const Call& call : world.server.calls) fetched += call.method == "GET";
  CHECK(fetched % 2 == 0);
}

TEST_CASE("another size than announced is refused") {
  for (const bool sayLength : {true, false}) {
    World longer;
    longer.server.sayLength = sayLength;
    longer.server.imageServed = longer.server.image + "x";
    CHECK(longer.failure().find("wrong_size") == 0);
    World none;
    none.server.sayLength = sayLength;
    none.server.sizeInOffer = 0;
    CHECK(none.failure().find("wrong_size") == 0);
  }
  World shorter;
  shorter.server.imageServed = shorter.server.image.substr(0, 4999);
  CHECK(shorter.failure().find("wrong_size") == 0);
}

TEST_CASE("a flash that cannot be written is told") {
  World world;
  world.bot.flashIsBroken = true;
  CHECK(world.failure().find("flash_write") == 0);
}

TEST_CASE("a connection that always breaks ends the update, and waits ever longer") {
  World world;
  world.server.chunk_bytes = 0;  // every body ends at once
  world.bot.boot(10000);
  CHECK(world.server.openedCalls() < 20);
}

TEST_CASE("forged and replayed answers are not obeyed") {
  World forged;
  forged.server.forgeAnswer = 0;
  CHECK(forged.bot.boot(1000) == End::kTimeIsOver);
  CHECK(forged.server.calls.size() == 1);
  CHECK((forged.bot.lastError == OtaError::kBadSignature));

  World replayed;
  replayed.server.isClosed = true;
  replayed.server.replayAnswerAt = 1;
  const End end = replayed.bot.boot(10000, [&](Session& session) {
    if (replayed.server.calls.size() == 1) session.checkNow();
  });
  CHECK(end == End::kTimeIsOver);
  CHECK((replayed.bot.lastError == OtaError::kBadSignature));
}

TEST_CASE("a server that ignores ranges is read from the start again") {
  World world;
  world.server.ignoresRanges = true;
  world.server.harm = Harm::kCut;
  world.server.harmAtByte = 4000;
  CHECK(world.bot.boot(60000) == End::kRestart);
  CHECK(runs(world.bot, world.server.image));
}

TEST_CASE("an update that was called off is left") {
  World world;
  const End end = world.bot.boot(50000, [&](Session& session) {
    if (session.state() == State::kDownloading) world.server.isClosed = true;
  });
  CHECK(end == End::kTimeIsOver);
  CHECK(reportsOf(world.server, "failed") == 0);
}

TEST_CASE("polls keep to the server's interval and wait longer when it is gone") {
  World world;
  world.server.image.clear();
  world.bot.boot(3600 * 1000);
  CHECK(world.server.calls.size() >= 55);
  CHECK(world.server.calls.size() <= 66);
  const long before = world.server.openedCalls();
  world.server.isDown = true;
  world.bot.boot(3600 * 1000);
  CHECK(world.server.openedCalls() - before < 40);
}

TEST_CASE("a full store stops neither check-ins nor updates") {
  World world;
  world.bot.storeIsFull = true;
  CHECK(world.bot.boot(10000) == End::kRestart);
  CHECK(runs(world.bot, world.server.image));
}

TEST_CASE("the callbacks of a sketch hear of an update") {
  static uint32_t told_bytes;
  static int ends;
  told_bytes = 0, ends = 0;
  World world;
  world.bot.boot(10000, [](Session& session) {
    session.hooks().onProgress = [](uint32_t done_bytes, uint32_t size_bytes) {
      told_bytes = done_bytes;
      CHECK(size_bytes == 5000);
    };
    session.hooks().onEnd = [] { ends++; };
  });
  CHECK(told_bytes == 5000);
  CHECK(ends == 1);
}

TEST_CASE("a sketch may postpone and refuse, but not in rescue") {
  World world;
  const auto later = [](Session& session) { session.hooks().onOffer = [](const Offer&) { return Reply::kLater; }; };
  CHECK(world.bot.boot(200000, later) == End::kTimeIsOver);
  CHECK(world.server.reports().empty());
  world.bot.system.buttonIsDown = true;
  CHECK(world.bot.boot(10000, later) == End::kRestart);
  CHECK(world.bot.inRescue);
}

TEST_CASE("a bot that was not set up does nothing") {
  World world;
  world.bot.persistent.texts.erase("device_key");
  CHECK(world.bot.boot(600000) == End::kTimeIsOver);
  CHECK(world.server.calls.empty());
  CHECK(world.bot.wifi.joined.empty());
}

TEST_CASE("a double press goes back to the former image") {
  World world;
  const Bytes old = world.bot.image();
  world.bot.boot(10000);
  world.server.isClosed = true;
  const End end = world.bot.boot(60000, [&](Session&) {
    const uint64_t in_ms = world.bot.system.clock_ms;
    world.bot.system.buttonIsDown = (in_ms > 5000 && in_ms < 5200) || (in_ms > 5400 && in_ms < 5600);
  });
  CHECK(end == End::kRestart);
  CHECK((world.bot.image() == old));
  CHECK(world.server.lastCheckIn()->body.find("\"wish\":\"former\"") != std::string::npos);
}

TEST_CASE("the longest check-in stays within its buffer and the server's limit") {
  CheckInBody body;
  Persistent persistent;
  ModelFlash flash(persistent);
  ModelSystem system;
  ModelWifi wifi;
  Networks networks;
  system.clock_ms = UINT64_MAX / 2;
  writeCheckIn(&body, flash, system, wifi, networks, {true, true}, CheckInTrigger::kButton, true);
  CHECK(body.fits());
  CHECK(body.size() < 700);
}
