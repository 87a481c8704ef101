// The pins of the virtual bot, numbered and named as on the most common ESP32 development board.
#pragma once

#include <stdint.h>

#define NUM_DIGITAL_PINS 64
#define NUM_ANALOG_INPUTS 16

static constexpr uint8_t LED_BUILTIN = 2;
#define BUILTIN_LED LED_BUILTIN
#define LED_BUILTIN LED_BUILTIN

static constexpr uint8_t TX = 1;
static constexpr uint8_t RX = 3;
static constexpr uint8_t SDA = 21;
static constexpr uint8_t SCL = 22;
static constexpr uint8_t SS = 5;
static constexpr uint8_t MOSI = 23;
static constexpr uint8_t MISO = 19;
static constexpr uint8_t SCK = 18;
static constexpr uint8_t DAC1 = 25;
static constexpr uint8_t DAC2 = 26;

static constexpr uint8_t A0 = 36;
// Inputs of the chip that most development boards do not connect; the virtual bot has all of them.
static constexpr uint8_t A1 = 37;
static constexpr uint8_t A2 = 38;
static constexpr uint8_t A3 = 39;
static constexpr uint8_t A4 = 32;
static constexpr uint8_t A5 = 33;
static constexpr uint8_t A6 = 34;
static constexpr uint8_t A7 = 35;
static constexpr uint8_t A10 = 4;
static constexpr uint8_t A11 = 0;
static constexpr uint8_t A12 = 2;
static constexpr uint8_t A13 = 15;
static constexpr uint8_t A14 = 13;
static constexpr uint8_t A15 = 12;
static constexpr uint8_t A16 = 14;
static constexpr uint8_t A17 = 27;
static constexpr uint8_t A18 = 25;
static constexpr uint8_t A19 = 26;
