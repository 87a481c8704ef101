// Over-the-air updates, whatever the sketch does. Every image built by Airsketch contains this agent; a sketch needs
// this header only to follow updates or to decide about them:
//
//   #include <AirsketchBot.h>
//   void setup() { AirsketchBot::onProgress([](uint32_t done, uint32_t all) { /* show progress */ }); }
//
// On an ESP32 all callbacks run in the agent's own task, concurrently with `loop`; on the virtual bot they run inside
// `delay`, `yield` or between two calls of `loop`. Keep them short.
#pragma once

#include <stdint.h>

#include "OtaError.h"

namespace AirsketchBot {

// What the agent is doing. The numbers are permanent: new ones may be added, none changes its meaning.
enum class State : uint8_t {
  kManual = 0,       // The bot was not set up: new images come over USB, or by the sketch itself.
  kJoining = 1,      // No Wi-Fi; the agent tries the stored networks in turn.
  kIdle = 2,         // Waiting for the next check-in or the trigger button.
  kChecking = 3,     // Checking in with the server.
  kDownloading = 4,  // Writing a new image into the spare slot; the sketch keeps running.
  kInstalling = 5,   // Verifying the new image and selecting it for the next boot.
  kRestarting = 6,   // About to restart into the new image.
};

// An update offered by the server.
struct Offer {
  const char* version;  // of the release, for people; valid only during the call
  uint32_t size_bytes;
};

// The sketch's reply to an offer.
enum class Reply : uint8_t {
  kAccept = 0,
  kLater = 1,   // Offered again at the next check-in.
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

// Whether the sketch runs on the virtual bot instead of a real board.
constexpr bool isVirtual() {
#ifdef ARDUINO_AIRSKETCH_BOT
  return true;
#else
  return false;
#endif
}

// Called before each download. Without a callback every offer is accepted, as always in rescue mode.
void onOffer(Reply (*callback)(const Offer& offer));
// Called every few kilobytes of a download.
void onProgress(void (*callback)(uint32_t done_bytes, uint32_t size_bytes));
// Called right before the restart into a new image: the place to switch motors off.
void onEnd(void (*callback)());
// Called when an update failed; the running image stays.
void onError(void (*callback)(OtaError error));

State state();
// Of the last update that failed since boot; `kNone` if none did.
OtaError lastError();
// Why the server cannot be reached: "" if it can, else a network error of docs/HARDWARE.md such as "wrong_password".
const char* lastTrouble();
// Checks in now, like a short press of the trigger button.
void checkNow();
// Sends one line to this bot's page. Dropped unless the wireless log is switched on for this bot.
void log(const char* line);

}  // namespace AirsketchBot
