// What the agent's status LED shows, if one is connected. Off while everything works, so that it is not mistaken for
// the sketch's.
#pragma once

#include "../AirsketchBot.h"
#include "../platform/Wifi.h"

namespace airsketch {

// How often the LED flashes every two seconds while the server cannot be reached.
constexpr uint8_t flashesFor(NetworkError error) {
  return static_cast<uint8_t>(error);
}

// Whether the LED is on at this moment.
inline bool ledIsOn(AirsketchBot::State state, bool inRescue, NetworkError error, uint64_t now_ms) {
  constexpr uint32_t kPeriod_ms = 2000, kFlash_ms = 100, kStep_ms = 250;
  const uint32_t in_ms = static_cast<uint32_t>(now_ms % kPeriod_ms);
  switch (state) {
    case AirsketchBot::State::kDownloading:
    case AirsketchBot::State::kInstalling:
      return now_ms / kFlash_ms % 2 == 0;
    case AirsketchBot::State::kChecking:
    case AirsketchBot::State::kRestarting:
      return true;
    default:
      break;
  }
  if (error != NetworkError::kNone) return in_ms % kStep_ms < kFlash_ms && in_ms / kStep_ms < flashesFor(error);
  return inRescue && in_ms < kPeriod_ms - 2 * kFlash_ms;
}

}  // namespace airsketch
