#include "ledc.h"

#include "Arduino.h"
#include "bot_host.h"

using namespace bot::host;

namespace {
struct Channel {
  uint32_t duty;
  uint32_t frequency_hz;
  uint8_t bits;  // 0: the pin is not attached
};
Channel channels[NUM_DIGITAL_PINS];
constexpr uint8_t kMaximumBits = 20;
constexpr int kFadeStep_ms = 10;

Channel* attached(uint8_t pin) {
  return pin < NUM_DIGITAL_PINS && channels[pin].bits != 0 ? &channels[pin] : nullptr;
}
}  // namespace

bool ledcAttach(uint8_t pin, uint32_t frequency_hz, uint8_t bits) {
  if (pin >= NUM_DIGITAL_PINS || bits == 0 || bits > kMaximumBits || frequency_hz == 0) return false;
  channels[pin] = {0, frequency_hz, bits};
  pinMode(pin, OUTPUT);
  return true;
}

bool ledcAttachChannel(uint8_t pin, uint32_t frequency_hz, uint8_t bits, uint8_t) {
  return ledcAttach(pin, frequency_hz, bits);
}

bool ledcDetach(uint8_t pin) {
  Channel* channel = attached(pin);
  if (!channel) return false;
  *channel = {};
  return true;
}

bool ledcWrite(uint8_t pin, uint32_t duty) {
  Channel* channel = attached(pin);
  if (!channel) return false;
  channel->duty = duty;
  bot_awrite(pin, duty, channel->bits);
  return true;
}

uint32_t ledcRead(uint8_t pin) {
  const Channel* channel = attached(pin);
  return channel ? channel->duty : 0;
}

uint32_t ledcReadFreq(uint8_t pin) {
  const Channel* channel = attached(pin);
  return channel && channel->duty != 0 ? channel->frequency_hz : 0;
}

uint32_t ledcChangeFrequency(uint8_t pin, uint32_t frequency_hz, uint8_t bits) {
  return ledcAttach(pin, frequency_hz, bits) ? frequency_hz : 0;
}

uint32_t ledcWriteTone(uint8_t pin, uint32_t frequency_hz) {
  if (!attached(pin)) return 0;
  bot_tone(pin, frequency_hz, 0);
  return frequency_hz;
}

uint32_t ledcWriteNote(uint8_t pin, note_t note, uint8_t octave) {
  // Frequencies of the eighth octave in equal temperament with A4 = 440 Hz, rounded.
  static constexpr uint16_t kEighthOctave_hz[NOTE_MAX] = {4186, 4435, 4699, 4978, 5274, 5588,
                                                          5920, 6272, 6645, 7040, 7459, 7902};
  if (note >= NOTE_MAX || octave > 8) return 0;
  return ledcWriteTone(pin, kEighthOctave_hz[note] >> (8 - octave));
}

bool ledcFade(uint8_t pin, uint32_t startDuty, uint32_t endDuty, int duration_ms) {
  if (!attached(pin)) return false;
  for (int elapsed_ms = 0; elapsed_ms < duration_ms; elapsed_ms += kFadeStep_ms) {
    const int64_t change = static_cast<int64_t>(endDuty) - startDuty;
    ledcWrite(pin, startDuty + change * elapsed_ms / duration_ms);
    delay(kFadeStep_ms);
  }
  return ledcWrite(pin, endDuty);
}
