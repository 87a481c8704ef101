// Digital and analogue pins.
#include "Arduino.h"
#include "bot_host.h"

using namespace bot::host;

namespace {
constexpr int kNativeAdcBits = 12;
constexpr int kAdcFullScale_mV = 3300;
constexpr int kAdcMaximum = (1 << kNativeAdcBits) - 1;
constexpr int kDefaultPwmBits = 8;
uint8_t readBits = kNativeAdcBits;
uint8_t writeBits[NUM_DIGITAL_PINS];

int bitsOf(uint8_t pin) {
  return pin < NUM_DIGITAL_PINS && writeBits[pin] != 0 ? writeBits[pin] : kDefaultPwmBits;
}
}  // namespace

void pinMode(uint8_t pin, uint8_t mode) {
  bot_pin_mode(pin, mode);
}

void digitalWrite(uint8_t pin, uint8_t level) {
  bot_dwrite(pin, level != LOW);
}

int digitalRead(uint8_t pin) {
  notePolling();
  return bot_dread(pin) != 0 ? HIGH : LOW;
}

uint16_t analogRead(uint8_t pin) {
  notePolling();
  const int native = bot_aread(pin);
  return readBits >= kNativeAdcBits ? native << (readBits - kNativeAdcBits) : native >> (kNativeAdcBits - readBits);
}

uint32_t analogReadMilliVolts(uint8_t pin) {
  return bot_aread(pin) * kAdcFullScale_mV / kAdcMaximum;
}

void analogReadResolution(uint8_t bits) {
  readBits = bits < 1 ? 1 : bits > 16 ? 16 : bits;
}

void analogSetAttenuation(adc_attenuation_t) {}

void analogSetPinAttenuation(uint8_t, adc_attenuation_t) {}

void analogWrite(uint8_t pin, int duty) {
  bot_awrite(pin, duty, bitsOf(pin));
}

void analogWriteResolution(uint8_t pin, uint8_t bits) {
  if (pin < NUM_DIGITAL_PINS) writeBits[pin] = bits;
}

void analogWriteFrequency(uint8_t, uint32_t) {}

void dacWrite(uint8_t pin, uint8_t level) {
  bot_awrite(pin, level, kDefaultPwmBits);
}

void dacDisable(uint8_t pin) {
  bot_awrite(pin, 0, kDefaultPwmBits);
}

float temperatureRead() {
  return 25;
}

uint16_t touchRead(uint8_t) {
  return 100;
}

unsigned long pulseIn(uint8_t pin, uint8_t level, unsigned long timeout_us) {
  const unsigned long start_us = micros();
  const auto waitWhile = [&](bool levelMatches) {
    while ((digitalRead(pin) == level) == levelMatches)
      if (micros() - start_us > timeout_us) return false;
    return true;
  };
  if (!waitWhile(true) || !waitWhile(false)) return 0;
  const unsigned long pulseStart_us = micros();
  return waitWhile(true) ? micros() - pulseStart_us : 0;
}

unsigned long pulseInLong(uint8_t pin, uint8_t level, unsigned long timeout_us) {
  return pulseIn(pin, level, timeout_us);
}

void shiftOut(uint8_t dataPin, uint8_t clockPin, uint8_t order, uint8_t value) {
  for (int bit = 0; bit < 8; bit++) {
    digitalWrite(dataPin, value >> (order == LSBFIRST ? bit : 7 - bit) & 1);
    digitalWrite(clockPin, HIGH);
    digitalWrite(clockPin, LOW);
  }
}

uint8_t shiftIn(uint8_t dataPin, uint8_t clockPin, uint8_t order) {  // codespell:ignore
  uint8_t value = 0;
  for (int bit = 0; bit < 8; bit++) {
    digitalWrite(clockPin, HIGH);
    value |= digitalRead(dataPin) << (order == LSBFIRST ? bit : 7 - bit);
    digitalWrite(clockPin, LOW);
  }
  return value;
}

void tone(uint8_t pin, unsigned int frequency_hz, unsigned long duration_ms) {
  bot_tone(pin, frequency_hz, duration_ms);
}

void noTone(uint8_t pin) {
  bot_tone(pin, 0, 0);
}
