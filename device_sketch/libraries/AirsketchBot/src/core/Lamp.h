// What the agent's lamp shows, if it was given one. Off while all is well, so that nobody takes it for the sketch's.
#pragma once

#include "../AirsketchBot.h"
#include "../platform/Wifi.h"

namespace airsketch {

// How often the lamp flashes in each round of two seconds while there is no way to the server.
constexpr uint8_t flashesOf(Trouble trouble) {
  return static_cast<uint8_t>(trouble);
}

// Whether the lamp is lit at this moment.
inline bool lampIsLit(AirsketchBot::State state, bool inRescue, Trouble trouble, uint64_t now_ms) {
  constexpr uint32_t kRound_ms = 2000, kFlash_ms = 100, kStep_ms = 250;
  const uint32_t in_ms = static_cast<uint32_t>(now_ms % kRound_ms);
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
  if (trouble != Trouble::kNone) return in_ms % kStep_ms < kFlash_ms && in_ms / kStep_ms < flashesOf(trouble);
  return inRescue && in_ms < kRound_ms - 2 * kFlash_ms;
}

}  // namespace airsketch
