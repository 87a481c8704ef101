// The bot's front: trigger button, lamp and serial lines, as far as the store gives them to the agent.
#pragma once

#include "../platform/Store.h"
#include "../platform/System.h"
#include "Lamp.h"
#include "Trigger.h"

namespace airsketch {

inline bool readFlag(Store& store, const char* key) {
  Text<8> text;
  return store.get(key, &text) && !strcmp(text.c_str(), "1");
}

class Panel {
 public:
  explicit Panel(System& system) : system_(system) {}

  void load(Store& store) {
    triggerPin_ = readPinNumber(store, "trig_pin", system_.defaultTriggerPin());
    triggerHigh_ = readFlag(store, "trig_high");
    lampPin_ = readPinNumber(store, "led_pin", -1);
    lampHigh_ = !readFlag(store, "led_low");
    says_ = readFlag(store, "say");
    if (triggerPin_ >= 0 && !system_.claimPin(triggerPin_, false, !triggerHigh_)) triggerPin_ = -1;
    if (lampPin_ >= 0 && !system_.claimPin(lampPin_, true, false)) lampPin_ = -1;
  }

  bool isUsed() const { return triggerPin_ >= 0 || lampPin_ >= 0; }
  bool triggerIsDown() { return triggerPin_ >= 0 && system_.readPin(triggerPin_) == triggerHigh_; }

  Press watchTrigger(uint64_t now_ms) {
    return triggerPin_ < 0 ? Press::kNone : trigger_.sample(triggerIsDown(), now_ms);
  }

  void showLamp(bool isLit) {
    if (lampPin_ >= 0) system_.writePin(lampPin_, isLit == lampHigh_);
  }

  AIRSKETCH_OUT_OF_LINE void say(const char* line) {
    if (says_) system_.say(line);
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
  int32_t lampPin_ = -1;
  bool triggerHigh_ = false;
  bool lampHigh_ = true;
  bool says_ = false;
};

}  // namespace airsketch
