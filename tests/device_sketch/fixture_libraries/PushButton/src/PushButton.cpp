#include "PushButton.h"

#if !defined(ARDUINO_ARCH_ESP32)
#error "The test library was written for the ESP32."
#endif

void PushButton::attach(int pin, int mode) {
  pin_ = static_cast<uint8_t>(pin);
  pinMode(pin_, mode);
  level_ = unstable_ = readPin();
  since_ms_ = unstableSince_ms_ = millis();
}

bool PushButton::update() {
  changed_ = false;
  const bool now = readPin();
  if (now != unstable_) {
    unstable_ = now;
    unstableSince_ms_ = millis();
  } else if (now != level_ && millis() - unstableSince_ms_ >= hold_ms_) {
    level_ = now;
    since_ms_ = millis();
    changed_ = true;
  }
  return changed_;
}
