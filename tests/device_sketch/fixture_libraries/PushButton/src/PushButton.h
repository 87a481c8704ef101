// A button whose level counts only after it has stayed the same for a while.
#pragma once

#if defined(ARDUINO) && ARDUINO >= 100
#include <Arduino.h>
#else
#include <WProgram.h>
#endif

#ifndef PUSH_BUTTON_HOLD_MS
#define PUSH_BUTTON_HOLD_MS 10
#endif

class PushButton {
 public:
  virtual ~PushButton() {}
  void attach(int pin, int mode = INPUT_PULLUP);
  void interval(uint16_t hold_ms) { hold_ms_ = hold_ms; }
  // Whether the level changed.
  bool update();
  bool fell() const { return changed_ && !level_; }
  bool rose() const { return changed_ && level_; }
  bool read() const { return level_; }
  unsigned long duration() const { return millis() - since_ms_; }

 protected:
  virtual bool readPin() { return digitalRead(pin_) == HIGH; }

 private:
  uint8_t pin_ = 0;
  uint16_t hold_ms_ = PUSH_BUTTON_HOLD_MS;
  unsigned long since_ms_ = 0;
  unsigned long unstableSince_ms_ = 0;
  bool level_ = false;
  bool unstable_ = false;
  bool changed_ = false;
};
