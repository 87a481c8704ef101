// The trigger button: debouncing, and short, double and long presses.
#pragma once

#include <stdint.h>

namespace airsketch {

enum class Press : uint8_t { kNone, kShort, kDouble, kLong };

class Trigger {
 public:
  static constexpr uint32_t kDebounce_ms = 40;    // contacts of a push button settle within about 10 ms
  static constexpr uint32_t kDoubleGap_ms = 400;  // the usual limit of a double click is 500 ms
  static constexpr uint32_t kLong_ms = 5000;      // too long to happen by accident
  static constexpr uint32_t kSample_ms = 20;

  // Takes one sample of the button and returns the press that it completes. A button that is pressed from the start
  // counts only after it was released once: a pin driven by the sketch must not look like a press.
  Press sample(bool isPressed, uint64_t now_ms) {
    if (isPressed != lastSample_) {
      lastSample_ = isPressed;
      changed_ms_ = now_ms;
    }
    if (now_ms - changed_ms_ >= kDebounce_ms && isPressed != isSteadyDown_) return edge(isPressed, now_ms);
    if (isSteadyDown_ && wasSeenUp_ && !longDone_ && now_ms - down_ms_ >= kLong_ms) {
      longDone_ = true;
      presses_ = 0;
      return Press::kLong;
    }
    if (presses_ == 1 && !isSteadyDown_ && now_ms - up_ms_ >= kDoubleGap_ms) {
      presses_ = 0;
      return Press::kShort;
    }
    return Press::kNone;
  }

 private:
  Press edge(bool isPressed, uint64_t now_ms) {
    isSteadyDown_ = isPressed;
    if (isPressed) {
      down_ms_ = now_ms;
      longDone_ = false;
      return Press::kNone;
    }
    up_ms_ = now_ms;
    const bool counts = wasSeenUp_ && !longDone_;
    wasSeenUp_ = true;
    if (!counts) return Press::kNone;
    if (++presses_ < 2) return Press::kNone;
    presses_ = 0;
    return Press::kDouble;
  }

  bool lastSample_ = true;
  bool isSteadyDown_ = true;
  bool wasSeenUp_ = false;
  bool longDone_ = false;
  uint8_t presses_ = 0;
  uint64_t changed_ms_ = 0;
  uint64_t down_ms_ = 0;
  uint64_t up_ms_ = 0;
};

}  // namespace airsketch
