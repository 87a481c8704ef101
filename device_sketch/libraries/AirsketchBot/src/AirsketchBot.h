// Facts about the bot a sketch runs on.
//
//   #include <AirsketchBot.h>
//   Serial.println(AirsketchBot::toString(AirsketchBot::state()));
//
// This version does not fetch updates. The sketch `bot_wired` and the example `OtaAware` show how a sketch does.
#pragma once

#include <stdint.h>

namespace AirsketchBot {

// How this bot gets its next sketch. Numbers are fixed: more may be added, none changes its meaning.
enum class State : uint8_t {
  kManual = 0,  // Only the sketch itself, or a cable, brings a new one.
};

// The version of this library.
constexpr const char* version() {
  return "0.1.0";
}

// The state of the bot now.
constexpr State state() {
  return State::kManual;
}

constexpr const char* toString(State state) {
  return state == State::kManual ? "manual" : "unknown";
}

// Whether the sketch runs on the virtual bot instead of a board you can touch.
constexpr bool isVirtual() {
#ifdef ARDUINO_AIRSKETCH_BOT
  return true;
#else
  return false;
#endif
}

}  // namespace AirsketchBot
