// Updates over the air, whatever the sketch does. Every image built by Airsketch carries this agent; a sketch needs
// this header only if it wants to know or to decide something:
//
//   #include <AirsketchBot.h>
//   void setup() { AirsketchBot::onProgress([](uint32_t done, uint32_t all) { /* show it */ }); }
//
// On an ESP32 all callbacks run in the agent's own task (so they may be called while `loop` runs), on the virtual bot
// inside `delay`, `yield` or between two calls of `loop`. Keep them short.
#pragma once

#include <stdint.h>

#include "OtaError.h"

namespace AirsketchBot {

// What the agent does now. Numbers are fixed: more may be added, none changes its meaning.
enum class State : uint8_t {
  kManual = 0,       // The bot was not set up: only the sketch itself, or a cable, brings a new image.
  kJoining = 1,      // There is no Wi-Fi; the agent tries the stored networks in turn.
  kIdle = 2,         // Waiting for the next check-in or the trigger button.
  kChecking = 3,     // Asking the server.
  kDownloading = 4,  // Writing a new image into the spare slot; the sketch goes on.
  kInstalling = 5,   // Checking the new image and switching to it.
  kRestarting = 6,   // About to restart into the new image.
};

// An update that the server offers.
struct Offer {
  const char* version;  // as the build was named; valid during the call only
  uint32_t size_bytes;
};

// What the sketch says to an offer.
enum class Reply : uint8_t {
  kAccept = 0,
  kLater = 1,   // Ask again at the next check-in.
  kRefuse = 2,  // The update fails with `refused_by_sketch`.
};

inline const char* toString(State state) {
  static constexpr const char* kNames[] = {"manual",      "joining",    "idle",      "checking",
                                           "downloading", "installing", "restarting"};
  return static_cast<uint8_t>(state) < sizeof kNames / sizeof kNames[0] ? kNames[static_cast<uint8_t>(state)]
                                                                        : "unknown";
}

// The version of this library.
constexpr const char* version() {
  return "1.0.0";
}

// Whether the sketch runs on the virtual bot instead of a board you can touch.
constexpr bool isVirtual() {
#ifdef ARDUINO_AIRSKETCH_BOT
  return true;
#else
  return false;
#endif
}

// Asked before each download. Without a callback every offer is accepted. A bot in rescue does not ask.
void onOffer(Reply (*callback)(const Offer& offer));
// Told after every few kilobytes.
void onProgress(void (*callback)(uint32_t done_bytes, uint32_t size_bytes));
// Told right before the restart into a new image: the place to switch motors off.
void onEnd(void (*callback)());
// Told when an update failed; the running image stays.
void onError(void (*callback)(OtaError error));

State state();
// Of the last update that failed since the start.
OtaError lastError();
// Why there is no way to the server: "" when there is one, else a word of docs/HARDWARE.md such as "wrong_password".
const char* lastTrouble();
// The same as a short press of the trigger button.
void checkNow();
// One line for the page of this bot, without a cable. Dropped unless the wireless log is switched on for this bot.
void log(const char* line);

}  // namespace AirsketchBot
