// The agent's user interface: trigger button, status LED and serial messages, as configured in the store.
#pragma once

#include "../platform/Store.h"
#include "../platform/System.h"
#include "StatusLed.h"
#include "StoreKeys.h"
#include "Trigger.h"

namespace airsketch {

inline bool readFlag(Store& store, const char* key) {
  Text<8> text;
  return store.get(key, &text) && !strcmp(text.c_str(), "1");
}

class Ui {
 public:
  explicit Ui(System& system) : system_(system) {}

  void load(Store& store) {
    triggerPin_ = readPinNumber(store, keys::kTriggerPin, system_.defaultTriggerPin());
    triggerHigh_ = readFlag(store, keys::kTriggerHigh);
    ledPin_ = readPinNumber(store, keys::kLedPin, -1);
    ledActiveHigh_ = !readFlag(store, keys::kLedLow);
    isVerbose_ = readFlag(store, keys::kVerbose);
    if (triggerPin_ >= 0 && !system_.claimPin(triggerPin_, false, !triggerHigh_)) triggerPin_ = -1;
    if (ledPin_ >= 0 && !system_.claimPin(ledPin_, true, false)) ledPin_ = -1;
  }

  bool isUsed() const { return triggerPin_ >= 0 || ledPin_ >= 0; }
  bool isTriggerPressed() { return triggerPin_ >= 0 && system_.readPin(triggerPin_) == triggerHigh_; }

  Press pollTrigger(uint64_t now_ms) {
    return triggerPin_ < 0 ? Press::kNone : trigger_.sample(isTriggerPressed(), now_ms);
  }

  void setLed(bool isOn) {
    if (ledPin_ >= 0) system_.writePin(ledPin_, isOn == ledActiveHigh_);
  }

  AIRSKETCH_OUT_OF_LINE void print(const char* line) {
    if (isVerbose_) system_.println(line);
  }

 private:
  static constexpr uint32_t kNoPin = 64;

  static int32_t readPinNumber(Store& store, const char* key, int32_t fallback) {
    Text<8> text;
    if (!store.get(key, &text)) return fallback;
    const uint32_t number = numberOr(text.c_str(), kNoPin);
    return number < kNoPin ? static_cast<int32_t>(number) : -1;
  }

  System& system_;
  Trigger trigger_;
  int32_t triggerPin_ = -1;
  int32_t ledPin_ = -1;
  bool triggerHigh_ = false;
  bool ledActiveHigh_ = true;
  bool isVerbose_ = false;
};

}  // namespace airsketch
