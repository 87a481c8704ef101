// The counter of signed calls: boot count, kept in the store, then a sequence since boot. It never goes back.
#pragma once

#include "../platform/Store.h"
#include "Signing.h"

namespace airsketch {

class CallCounter {
 public:
  // Counts this boot. The new number is stored before any call uses it, so that a power cut cannot repeat one.
  void startBoot(Store& store) {
    Text<12> stored;
    if (store.get(kKey, &stored)) boot_ = numberOr(stored.c_str(), 0);
    jumpAhead(store, 1);
  }

  // Leaves `step` boot counts out: the way back for a bot whose store was lost, when the server says "replayed".
  void jumpAhead(Store& store, uint32_t step) {
    boot_ = boot_ > UINT32_MAX - step ? UINT32_MAX : boot_ + step;
    sequence_ = 0;
    store.set(kKey, Text<12>().add(int64_t{boot_}).c_str());
  }

  // The server does not know how far it was: the step doubles until it is far enough.
  void escapeReplay(Store& store) {
    jumpAhead(store, step_);
    if (step_ < 1u << 30) step_ *= 2;
  }

  void wasAccepted() { step_ = 1; }

  void next(char out[kCounterDigits + 1]) {
    sequence_++;
    uint8_t bytes[8];
    for (int at = 0; at < 4; at++) {
      bytes[at] = static_cast<uint8_t>(boot_ >> (24 - 8 * at));
      bytes[4 + at] = static_cast<uint8_t>(sequence_ >> (24 - 8 * at));
    }
    toHex(bytes, sizeof bytes, out);
  }

  uint32_t boot() const { return boot_; }

 private:
  static constexpr const char* kKey = "boots";
  uint32_t boot_ = 0;
  uint32_t sequence_ = 0;
  uint32_t step_ = 1;
};

}  // namespace airsketch
