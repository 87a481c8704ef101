// The counter of signed calls: a boot count, kept in the store, then a sequence number since boot. Strictly increasing.
#pragma once

#include "../platform/Store.h"
#include "Signing.h"
#include "StoreKeys.h"

namespace airsketch {

class CallCounter {
 public:
  // Counts this boot. The new count is stored before any call uses it, so that a power cut cannot repeat one.
  void startBoot(Store& store) {
    Text<12> stored;
    if (store.get(keys::kBoots, &stored)) boot_ = numberOr(stored.c_str(), 0);
    jumpAhead(store, 1);
  }

  // Skips `step` boot counts: how a bot whose store was erased recovers when the server answers "replayed".
  void jumpAhead(Store& store, uint32_t step) {
    boot_ = boot_ > UINT32_MAX - step ? UINT32_MAX : boot_ + step;
    sequence_ = 0;
    store.set(keys::kBoots, Text<12>().add(int64_t{boot_}).c_str());
  }

  // The bot does not know the server's last counter, so the step doubles until it is passed.
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
  uint32_t boot_ = 0;
  uint32_t sequence_ = 0;
  uint32_t step_ = 1;
};

}  // namespace airsketch
