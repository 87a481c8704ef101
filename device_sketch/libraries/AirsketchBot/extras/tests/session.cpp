// The agent on a simulated board with a simulated server: what it does, and what it refuses.
#include <doctest/doctest.h>

#include "world.h"

using namespace airsketch;

TEST_CASE("an update runs to its end") {
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

TEST_CASE("a new image that finds no Wi-Fi is rolled back") {
  World world;
  world.bot.boot(10000);
  const auto networks = world.bot.wifi.networks;
  world.bot.wifi.networks.clear();
  CHECK(world.bot.boot(30 * 60000) == End::kRestart);
  world.bot.wifi.networks = networks;
  CHECK(world.bot.boot(10000) == End::kTimeIsOver);
  CHECK_FALSE(runs(world.bot, world.server.image));
  bool printed = false;
  for (const Call& call : world.server.calls)
    printed = printed || call.body.find("\"rolled_back\"") != std::string::npos;
  CHECK(printed);
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

TEST_CASE("forged and replayed responses are ignored") {
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

TEST_CASE("the server switches the wireless log on and off") {
  World world;
  world.server.image.clear();
  world.server.extra = ",\"log\":true";
  const auto asksTwice = [&](Session& session) {
    session.ring().addLine("printed");
    if (world.bot.system.clock_ms == 8000) session.checkNow();
  };
  world.bot.boot(10000, asksTwice);
  CHECK(world.bot.persistent.texts["log"] == "1");
  CHECK(world.server.lastCheckIn()->body.find("\"log\":true") != std::string::npos);
  bool isSent = false;
  for (const Call& call : world.server.calls) isSent = isSent || call.body.find("printed") != std::string::npos;
  CHECK(isSent);
  world.server.extra = ",\"log\":false";
  world.bot.boot(1000);
  CHECK(world.bot.persistent.texts["log"] == "0");
  world.server.extra.clear();
  world.server.calls.clear();
  world.bot.boot(10000, asksTwice);
  CHECK(world.server.calls.size() == 2);
  CHECK(world.server.lastCheckIn()->body.find("\"log\":false") != std::string::npos);
}

TEST_CASE("a full store stops neither check-ins nor updates") {
  World world;
  world.bot.storeIsFull = true;
  CHECK(world.bot.boot(10000) == End::kRestart);
  CHECK(runs(world.bot, world.server.image));
}

TEST_CASE("the callbacks of a sketch are called") {
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

TEST_CASE("a sketch may postpone and refuse, but not in rescue mode") {
  World world;
  const auto later = [](Session& session) { session.hooks().onOffer = [](const Offer&) { return Reply::kLater; }; };
  CHECK(world.bot.boot(200000, later) == End::kTimeIsOver);
  CHECK(world.server.reports().empty());
  world.bot.system.isButtonPressed = true;
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

TEST_CASE("a double press rolls back to the previous image") {
  World world;
  const Bytes old = world.bot.image();
  world.bot.boot(10000);
  world.server.isClosed = true;
  const End end = world.bot.boot(60000, [&](Session&) {
    const uint64_t in_ms = world.bot.system.clock_ms;
    world.bot.system.isButtonPressed = (in_ms > 5000 && in_ms < 5200) || (in_ms > 5400 && in_ms < 5600);
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
