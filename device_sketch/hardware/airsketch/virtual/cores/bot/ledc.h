// The LED control peripheral (PWM by pin), with the API of version 3 of Espressif's core.
#pragma once

#include <stdint.h>

typedef enum {
  NOTE_C,
  NOTE_Cs,
  NOTE_D,
  NOTE_Eb,
  NOTE_E,
  NOTE_F,
  NOTE_Fs,
  NOTE_G,
  NOTE_Gs,
  NOTE_A,
  NOTE_Bb,
  NOTE_B,
  NOTE_MAX
} note_t;

bool ledcAttach(uint8_t pin, uint32_t frequency_hz, uint8_t bits);
bool ledcAttachChannel(uint8_t pin, uint32_t frequency_hz, uint8_t bits, uint8_t channel);
bool ledcDetach(uint8_t pin);
bool ledcWrite(uint8_t pin, uint32_t duty);
uint32_t ledcRead(uint8_t pin);
uint32_t ledcReadFreq(uint8_t pin);
uint32_t ledcChangeFrequency(uint8_t pin, uint32_t frequency_hz, uint8_t bits);
uint32_t ledcWriteTone(uint8_t pin, uint32_t frequency_hz);
uint32_t ledcWriteNote(uint8_t pin, note_t note, uint8_t octave);
bool ledcFade(uint8_t pin, uint32_t startDuty, uint32_t endDuty, int duration_ms);
