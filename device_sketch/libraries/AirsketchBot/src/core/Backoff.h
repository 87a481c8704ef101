// Exponential backoff with jitter: the wait doubles after each failure up to a cap, and its random half keeps bots that
// lost their server together from coming back together.
#pragma once

#include "Text.h"

namespace airsketch {

class Backoff {
 public:
  constexpr Backoff(uint32_t first_ms, uint32_t cap_ms) : first_ms_(first_ms), cap_ms_(cap_ms) {}

  // Counts a failure. Returns the wait before the next attempt: half of it fixed, half random.
  AIRSKETCH_OUT_OF_LINE uint32_t next_ms(uint32_t random) {
    uint64_t full_ms = uint64_t{first_ms_} << (failures_ < 20 ? failures_ : 20);
    if (full_ms > cap_ms_) full_ms = cap_ms_;
    if (failures_ < UINT8_MAX) failures_++;
    return static_cast<uint32_t>(full_ms / 2 + random % (full_ms / 2 + 1));
  }

  void succeeded() { failures_ = 0; }
  uint8_t failures() const { return failures_; }

  // A regular interval, randomly spread by 10 % to both sides.
  static uint32_t spread_ms(uint32_t interval_s, uint32_t random) {
    const uint64_t interval_ms = uint64_t{interval_s} * 1000;
    return static_cast<uint32_t>(interval_ms * 9 / 10 + random % (interval_ms / 5 + 1));
  }

 private:
  uint32_t first_ms_;
  uint32_t cap_ms_;
  uint8_t failures_ = 0;
};

}  // namespace airsketch
