// The Arduino language for the virtual bot, with the names of Espressif's core (version 3).
#pragma once

#include <ctype.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <initializer_list>

// Slow to parse: left out while arduino-cli only detects the libraries and functions of the sketch, which it does twice
// per compile.
#ifndef AIRSKETCH_PREPROCESS_ONLY
#include <math.h>

#include <cmath>

// Sketches use std::min, std::max, std::move and std::swap without including a header. These parts of the library slow
// a compile down by a quarter; all of <algorithm> would make it four times as long.
#include <__algorithm/max.h>
#include <__algorithm/min.h>
#include <__utility/move.h>
#include <__utility/swap.h>
#endif

#include "esp_arduino_version.h"
#include "pgmspace.h"
#include "pins_arduino.h"

typedef bool boolean;
typedef uint8_t byte;
typedef unsigned int word;

#define LOW 0x0
#define HIGH 0x1

#define INPUT 0x01
#define OUTPUT 0x03
#define PULLUP 0x04
#define INPUT_PULLUP 0x05
#define PULLDOWN 0x08
#define INPUT_PULLDOWN 0x09
#define OPEN_DRAIN 0x10
#define OUTPUT_OPEN_DRAIN 0x13
#define ANALOG 0xC0

#define DISABLED 0x00
#define RISING 0x01
#define FALLING 0x02
#define CHANGE 0x03
#define ONLOW 0x04
#define ONHIGH 0x05

#define LSBFIRST 0
#define MSBFIRST 1

#define PI 3.1415926535897932384626433832795
#define HALF_PI 1.5707963267948966192313216916398
#define TWO_PI 6.283185307179586476925286766559
#define DEG_TO_RAD 0.017453292519943295769236907684886
#define RAD_TO_DEG 57.295779513082320876798154814105
#define EULER 2.718281828459045235360287471352

#define IRAM_ATTR
#define ARDUINO_ISR_ATTR
#define DRAM_ATTR
#define RTC_DATA_ATTR
#define RTC_NOINIT_ATTR
#define F(text) (reinterpret_cast<const __FlashStringHelper*>(text))

#define bit(number) (1UL << (number))
#define bitRead(value, number) (((value) >> (number)) & 1)
#define bitSet(value, number) ((value) |= (1UL << (number)))
#define bitClear(value, number) ((value) &= ~(1UL << (number)))
#define bitToggle(value, number) ((value) ^= (1UL << (number)))
#define bitWrite(value, number, level) ((level) ? bitSet(value, number) : bitClear(value, number))
#define lowByte(value) (static_cast<uint8_t>((value) & 0xff))
#define highByte(value) (static_cast<uint8_t>((value) >> 8))

#define constrain(value, low, high) ((value) < (low) ? (low) : ((value) > (high) ? (high) : (value)))
#define radians(degrees) ((degrees) * DEG_TO_RAD)
#define degrees(radians) ((radians) * RAD_TO_DEG)
#define sq(value) ((value) * (value))
#define digitalPinToInterrupt(pin) (pin)
#define clockCyclesPerMicrosecond() 240
#define microsecondsToClockCycles(duration_us) ((duration_us) * clockCyclesPerMicrosecond())

typedef enum { ADC_0db, ADC_2_5db, ADC_6db, ADC_11db, ADC_ATTENDB_MAX } adc_attenuation_t;

void setup();
void loop();
// A sketch may define it; called after loop() while serial input is available.
void serialEvent() __attribute__((weak));

unsigned long millis();
unsigned long micros();
void delay(uint32_t duration_ms);
void delayMicroseconds(uint32_t duration_us);
void yield();

void pinMode(uint8_t pin, uint8_t mode);
void digitalWrite(uint8_t pin, uint8_t level);
int digitalRead(uint8_t pin);
uint16_t analogRead(uint8_t pin);
uint32_t analogReadMilliVolts(uint8_t pin);
void analogReadResolution(uint8_t bits);
void analogSetAttenuation(adc_attenuation_t attenuation);
void analogSetPinAttenuation(uint8_t pin, adc_attenuation_t attenuation);
void analogWrite(uint8_t pin, int duty);
void analogWriteResolution(uint8_t pin, uint8_t bits);
void analogWriteFrequency(uint8_t pin, uint32_t frequency_hz);
void dacWrite(uint8_t pin, uint8_t level);
void dacDisable(uint8_t pin);
unsigned long pulseIn(uint8_t pin, uint8_t level, unsigned long timeout_us = 1000000);
unsigned long pulseInLong(uint8_t pin, uint8_t level, unsigned long timeout_us = 1000000);
void shiftOut(uint8_t dataPin, uint8_t clockPin, uint8_t order, uint8_t value);
uint8_t shiftIn(uint8_t dataPin, uint8_t clockPin, uint8_t order);  // codespell:ignore
void tone(uint8_t pin, unsigned int frequency_hz, unsigned long duration_ms = 0);
void noTone(uint8_t pin);

void attachInterrupt(uint8_t pin, void (*handler)(), int mode);
void attachInterruptArg(uint8_t pin, void (*handler)(void*), void* argument, int mode);
void detachInterrupt(uint8_t pin);
void interrupts();
void noInterrupts();

void randomSeed(unsigned long seed);
long random(long end);
long random(long start, long end);
long map(long value, long fromLow, long fromHigh, long toLow, long toHigh);

// The temperature of the chip in degrees Celsius; constant on the virtual bot.
float temperatureRead();
// High values mean that the pin is not touched.
uint16_t touchRead(uint8_t pin);

void configTime(long gmtOffset_s, int daylightOffset_s, const char* server1, const char* server2 = nullptr,
                const char* server3 = nullptr);
bool getLocalTime(struct tm* out, uint32_t timeout_ms = 5000);

extern "C" {
uint32_t esp_random();
void esp_fill_random(void* out, size_t size);
int64_t esp_timer_get_time();
}

// min and max for arguments of different types; std::min of <algorithm> can be used as well.
template <typename A, typename B>
constexpr auto min(const A& a, const B& b) -> decltype(b < a ? b : a) {
  return b < a ? b : a;
}
template <typename A, typename B>
constexpr auto max(const A& a, const B& b) -> decltype(a < b ? b : a) {
  return a < b ? b : a;
}

// The order matters: each of these uses the ones before it.
#include "WString.h"
#include "Print.h"
#include "Stream.h"
#include "IPAddress.h"
#include "HardwareSerial.h"
#include "WCharacter.h"
#include "ledc.h"
#include "system/Esp.h"
#include "esp32-hal-log.h"
#include "stdlib_noniso.h"
#include "system/esp_sleep.h"
#include "system/freertos/tasks_unavailable.h"
#include "system/timers_unavailable.h"
