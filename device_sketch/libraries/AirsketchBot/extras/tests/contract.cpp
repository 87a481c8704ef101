// The codes and keys that the bot shares with the server are the same on both sides.
#include <doctest/doctest.h>

#include <set>
#include <string>

#include "contract.h"
#include "world.h"

using namespace airsketch;

namespace {

using Codes = std::set<std::string>;

// All codes of an enumeration: `toString` maps numbers without a meaning to one of them, too.
template <class Enum>
Codes codesOf() {
  Codes codes;
  for (int number = 0; number <= UINT8_MAX; number++) codes.insert(toString(static_cast<Enum>(number)));
  return codes;
}

Codes without(Codes codes, const std::string& code) {
  REQUIRE(codes.erase(code) == 1);
  return codes;
}

// Over an update, its roll-back, and the same offer again.
Codes keysRead() {
  World world;
  world.bot.boot(10000);
  world.bot.persistent.cutAtMoment = world.bot.persistent.moments + 1;
  world.bot.boot(10000);
  world.bot.boot(10000);
  return world.bot.persistent.keysRead;
}

// For readable failures.
std::string listOf(const Codes& codes) {
  std::string list;
  for (const std::string& code : codes) list += code + " ";
  return list;
}

}  // namespace

TEST_CASE("bot and server use the same error codes") {
  using AirsketchBot::OtaError;
  CHECK(listOf(without(codesOf<OtaError>(), "none")) == listOf(contract::update_errors));
  CHECK(listOf(without(codesOf<NetworkError>(), "")) == listOf(contract::network_errors));
}

TEST_CASE("bot and server use the same codes in check-ins and reports") {
  CHECK(listOf(codesOf<BootKind>()) == listOf(contract::boots));
  CHECK(listOf(codesOf<CheckInTrigger>()) == listOf(contract::triggers));
  CHECK(listOf(codesOf<ReportState>()) == listOf(contract::report_states));
}

TEST_CASE("the bot reads the keys that the first flash writes, and its own") {
  const Codes ownKeys = {keys::kPreviousKey, keys::kPreviousWifi, keys::kBoots, keys::kTrial, keys::kRolledBack};
  Codes expected = without(contract::nvs_keys, keys::kCa);  // read by the https transport of the ESP32
  expected.insert(ownKeys.begin(), ownKeys.end());
  CHECK(listOf(keysRead()) == listOf(expected));
}
