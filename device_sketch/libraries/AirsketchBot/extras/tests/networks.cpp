// The stored networks and a new one on trial.
#include <doctest/doctest.h>

#include "board.h"

using namespace airsketch;

namespace {

struct World {
  Persistent persistent;
  ModelStore store{persistent};
  ModelWifi wifi;
  ModelSystem system;
  Networks networks;

  explicit World(std::map<std::string, std::string> texts) {
    persistent.texts = std::move(texts);
    networks.load(store, false);
  }

  Link pass(uint64_t duration_ms) {
    Link link = Link::kDown;
    for (uint64_t end_ms = system.clock_ms + duration_ms; system.clock_ms < end_ms; system.clock_ms += 100) {
      if (networks.takeRejoin()) networks.rejoin(wifi, system);
      link = networks.step(wifi, system);
    }
    return link;
  }
};

Network network(const char* ssid, const char* password, uint32_t revision) {
  Network one;
  one.ssid.add(ssid);
  one.password.add(password);
  one.revision = revision;
  return one;
}

}  // namespace

TEST_CASE("stored networks are tried in turn, the newest first") {
  World world({{"ssid", "first"}, {"pass", "p1"}, {"wifi", "7\np3\nthird"}, {"wifi_old", "5\np2\nsecond"}});
  world.wifi.networks = {{"first", "p1"}};
  CHECK(world.pass(1000) == Link::kUp);
  CHECK((world.wifi.joined == std::vector<std::string>{"third", "second", "first"}));
  CHECK(world.networks.revision() == 7);
}

TEST_CASE("rounds without success become less frequent") {
  World world({{"ssid", "gone"}, {"pass", ""}});
  world.pass(3600 * 1000);
  CHECK(world.wifi.joined.size() > 60);
  CHECK(world.wifi.joined.size() < 140);
  CHECK((world.networks.error() == NetworkError::kNoSuchNetwork));
}

TEST_CASE("a new network is stored only when the server answered through it") {
  World world({{"ssid", "home"}, {"pass", "secret"}});
  world.wifi.networks = {{"home", "secret"}, {"office", "p"}};
  world.pass(1000);
  world.networks.tryNew(network("office", "p", 4));
  world.networks.worked(world.store);
  CHECK(world.persistent.texts.count("wifi") == 0);
  world.pass(1000);
  CHECK(world.persistent.texts.count("wifi") == 0);
  world.networks.worked(world.store);
  CHECK(world.persistent.texts["wifi"] == "4\np\noffice");
  CHECK(world.networks.revision() == 4);
}

TEST_CASE("a network with a wrong password is given up for the previous one") {
  World world({{"ssid", "home"}, {"pass", "secret"}});
  world.wifi.networks = {{"home", "secret"}, {"office", "p"}};
  world.pass(1000);
  world.networks.tryNew(network("office", "wrong", 4));
  CHECK(world.pass(30000) == Link::kUp);
  CHECK(world.wifi.joined.back() == "home");
  CHECK(world.networks.failedRevision() == 4);
  CHECK((world.networks.trialError() == NetworkError::kWrongPassword));
  world.networks.tryNew(network("office", "wrong", 4));
  CHECK_FALSE(world.networks.isTrying());
  world.networks.tryNew(network("office", "p", 5));
  CHECK(world.networks.isTrying());
}

TEST_CASE("a network that does not reach the server is given up for the previous one") {
  World world({{"ssid", "home"}, {"pass", "secret"}});
  world.wifi.networks = {{"home", "secret"}, {"guest", ""}};
  world.pass(1000);
  world.networks.tryNew(network("guest", "", 2));
  world.pass(1000);
  for (int call = 0; call < Networks::kTrialCalls; call++)
    world.networks.failed(NetworkError::kCaptivePortal, world.system.clock_ms);
  CHECK(world.pass(1000) == Link::kUp);
  CHECK(world.wifi.joined.back() == "home");
  CHECK((world.networks.trialError() == NetworkError::kCaptivePortal));
}

TEST_CASE("damaged stored networks are ignored") {
  World world({{"wifi", "nonsense"}, {"wifi_old", "3\npassword\n"}, {"ssid", ""}});
  world.pass(1000);
  CHECK(world.wifi.joined.empty());
}

TEST_CASE("a lost link is joined again") {
  World world({{"ssid", "home"}, {"pass", "secret"}});
  world.pass(1000);
  world.wifi.isUp = false;
  CHECK(world.pass(1000) == Link::kUp);
  CHECK(world.wifi.joined.size() == 2);
}
