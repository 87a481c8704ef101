// A new device key over the air: accepted only if it is valid, and the bot is never locked out.
#include <doctest/doctest.h>

#include "board.h"

using namespace airsketch;

namespace {

const std::string kFirstKey = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";
const std::string kNewKey = "ffeeddccbbaa99887766554433221100ffeeddccbbaa99887766554433221100";

struct World {
  ModelServer server;
  ModelBot bot{server};

  World() {
    server.nextKey = kNewKey;
    server.offersNewKey = true;
    bot.persistent.texts["trig_pin"] = "none";  // fewer steps to simulate
  }

  std::map<std::string, std::string>& stored() { return bot.persistent.texts; }

  bool checksIn(uint64_t within_ms = 60000) {
    server.calls.clear();
    bot.boot(within_ms);
    return server.lastCheckIn() != nullptr;
  }

  int callsWithStatus(int status) const {
    int count = 0;
    for (const Call& call : server.calls) count += call.status == status;
    return count;
  }
};

}  // namespace

TEST_CASE("a new key is stored, used at once, and the previous one removed") {
  World world;
  CHECK(world.checksIn(1000));
  CHECK(world.server.key == kNewKey);
  CHECK(world.callsWithStatus(200) == 2);
  CHECK(world.stored()["device_key"] == kNewKey);
  CHECK(world.stored().count("old_key") == 0);
}

TEST_CASE("the rest of a response with a new key is followed under that key") {
  World world;
  world.server.image = std::string(3000, static_cast<char>(ModelFlash::kImageStart));
  CHECK(world.bot.boot(10000) == End::kRestart);
  CHECK(world.server.key == kNewKey);
  CHECK(world.checksIn());
  CHECK(world.bot.isConfirmed());
}

TEST_CASE("a check-in by button is repeated under the new key") {
  World world;
  world.server.offersNewKey = false;
  world.bot.boot(20000, [&](Session& session) {
    if (world.bot.system.clock_ms < 10000 || world.server.offersNewKey) return;
    world.server.offersNewKey = true;
    session.checkNow();
  });
  CHECK(world.server.key == kNewKey);
  CHECK(world.server.lastCheckIn()->body.find("\"trigger\":\"button\"") != std::string::npos);
}

TEST_CASE("a key is never printed") {
  World world;
  world.stored()["say"] = "1";
  world.checksIn();
  CHECK_FALSE(world.bot.system.printed.empty());
  for (const std::string& line : world.bot.system.printed) CHECK(line.find(kNewKey.substr(0, 8)) == std::string::npos);
}

TEST_CASE("a damaged new key is ignored, the rest of the answer counts") {
  const std::string validSize(130, '0');
  for (const std::string& text :
       {std::string("\"00\""), "\"" + validSize + "0\"", "\"" + std::string(130, 'g') + "\"", std::string("7"),
        std::string("null"), std::string("{\"a\":1}"), "\"" + validSize + "\""}) {
    World world;
    world.server.offersNewKey = false;
    world.server.extra = ",\"new_key\":" + text;
    CHECK_MESSAGE(world.checksIn(1000), text);
    CHECK_MESSAGE(world.callsWithStatus(200) == 1, text);
    CHECK(world.stored()["device_key"] == kFirstKey);
    CHECK(world.stored().count("old_key") == 0);
  }
}

TEST_CASE("a sealed text that is not a key is ignored") {
  for (const std::string& text : {std::string("00"), kNewKey.substr(1), "x" + kNewKey.substr(1), kFirstKey}) {
    World world;
    world.server.nextKey = text;
    CHECK(world.checksIn(1000));
    CHECK(world.callsWithStatus(200) == 1);
    CHECK(world.stored()["device_key"] == kFirstKey);
  }
}

TEST_CASE("a new key in an answer without the server's signature is ignored") {
  World world;
  world.server.forgeAnswer = 0;
  world.bot.boot(1000);
  CHECK(world.server.calls.size() == 1);
  CHECK(world.stored()["device_key"] == kFirstKey);
  CHECK(world.stored().count("old_key") == 0);
}

TEST_CASE("a full store keeps the current key") {
  World world;
  world.bot.storeIsFull = true;
  CHECK(world.checksIn());
  CHECK(world.server.key == kFirstKey);
}

TEST_CASE("whenever the power goes during a key change, the bot checks in and completes the change") {
  int cuts = 0;
  for (long cut = 0;; cut++) {
    World world;
    world.bot.persistent.cutAtMoment = cut;
    if (world.bot.boot(1000) != End::kPowerCut) break;
    cuts++;
    REQUIRE_MESSAGE(world.checksIn(), "locked out after a cut at " << cut);
    CHECK(world.callsWithStatus(401) == 0);
    CHECK(world.server.key == kNewKey);
    CHECK(world.stored()["device_key"] == kNewKey);
    CHECK(world.stored().count("old_key") == 0);
  }
  CHECK(cuts > 10);
}

TEST_CASE("a server that no longer knows the new key is called with the previous one") {
  // Restored from a backup between sending the new key and its first use, whenever the power goes.
  int lost = 0;
  for (long cut = 0;; cut++) {
    World world;
    world.bot.persistent.cutAtMoment = cut;
    if (world.bot.boot(1000) != End::kPowerCut) break;
    const bool isHandedOver = world.stored()["device_key"] == kNewKey && world.stored().count("old_key") > 0;
    if (!isHandedOver) continue;
    lost++;
    world.server.key = kFirstKey;
    world.server.nextKey.clear();
    world.server.lastCounter.clear();
    REQUIRE(world.checksIn(1000));
    CHECK(world.callsWithStatus(401) == 1);
    CHECK(world.stored()["device_key"] == kFirstKey);
    CHECK(world.stored().count("old_key") == 0);
  }
  CHECK(lost > 1);
}

TEST_CASE("a power cut while the previous key is restored does not lock the bot out") {
  for (long cut = 0;; cut++) {
    World world;
    world.server.nextKey.clear();
    world.stored()["device_key"] = kNewKey;
    world.stored()["old_key"] = kFirstKey;
    world.bot.persistent.cutAtMoment = cut;
    if (world.bot.boot(1000) != End::kPowerCut) break;
    REQUIRE(world.checksIn());
    CHECK(world.stored()["device_key"] == kFirstKey);
    CHECK(world.stored().count("old_key") == 0);
  }
}

TEST_CASE("a new key that was refused is accepted later, but not at once") {
  World world;
  // Another key was made meanwhile, so the first one is refused and the second one waits.
  world.stored()["device_key"] = std::string(64, 'a');
  world.stored()["old_key"] = kFirstKey;
  CHECK(world.checksIn(10000));
  CHECK(world.server.calls.size() == 2);
  CHECK(world.server.key == kFirstKey);
  CHECK(world.checksIn(10000));
  CHECK(world.server.key == kNewKey);
}

TEST_CASE("a bot whose keys are both refused retries with growing waits") {
  World world;
  world.server.key = std::string(64, 'b');
  world.server.nextKey.clear();
  world.stored()["device_key"] = kNewKey;
  world.stored()["old_key"] = kFirstKey;
  world.bot.boot(3600 * 1000);
  CHECK(world.server.calls.size() > 20);
  CHECK(world.server.calls.size() < 60);
  CHECK(world.stored()["old_key"] == kFirstKey);
  world.server.key = kFirstKey;
  CHECK(world.checksIn());
}
