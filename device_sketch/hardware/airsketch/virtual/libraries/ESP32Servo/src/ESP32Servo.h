// A servo motor: 50 pulses per second, whose width sets the angle.
#pragma once

#include <Arduino.h>
#include <parts.h>

class Servo {
 public:
  int attach(int pin, int shortest_us = 544, int longest_us = 2400) {
    pin_ = pin;
    shortest_us_ = shortest_us;
    longest_us_ = longest_us;
    return ledcAttach(static_cast<uint8_t>(pin), kPulses_hz, kBits) ? pin : 0;
  }
  void detach() {
    if (attached()) {
      ledcDetach(static_cast<uint8_t>(pin_));
      show(0);
    }
    pin_ = -1;
  }
  bool attached() const { return pin_ >= 0; }
  void setPeriodHertz(int) {}

  // An angle from 0 to 180 degrees; larger values are a pulse width in microseconds.
  void write(int value) {
    writeMicroseconds(value > 180 ? value : map(constrain(value, 0, 180), 0, 180, shortest_us_, longest_us_));
  }
  void writeMicroseconds(int width_us) {
    width_us_ = constrain(width_us, shortest_us_, longest_us_);
    if (!attached()) return;
    ledcWrite(static_cast<uint8_t>(pin_), width_us_ * ((1 << kBits) - 1) / kPeriod_us);
    show(width_us_);
  }
  int read() const { return map(width_us_ + 1, shortest_us_, longest_us_, 0, 180); }
  int readMicroseconds() const { return width_us_; }

 private:
  static constexpr uint32_t kPulses_hz = 50;
  static constexpr int kPeriod_us = 20000;
  static constexpr uint8_t kBits = 16;

  void show(int pulse_us) const {
    const uint16_t look[] = {static_cast<uint16_t>(pulse_us), static_cast<uint16_t>(read())};
    bot::showPart(bot::Part::kServo, pin_, look, sizeof look);
  }

  int pin_ = -1;
  int shortest_us_ = 544;
  int longest_us_ = 2400;
  int width_us_ = 1472;
};
