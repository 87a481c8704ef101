// STAND-IN pins: the names most boards of Espressif's core have. As there, not every board names its lamp.
#pragma once

#include <stdint.h>

#define NUM_DIGITAL_PINS 48

static const uint8_t TX = 1;
static const uint8_t RX = 3;
static const uint8_t SDA = 8;
static const uint8_t SCL = 9;
static const uint8_t A0 = 0;
static const uint8_t A1 = 1;
static const uint8_t A2 = 2;
static const uint8_t A3 = 3;
static const uint8_t A4 = 4;
static const uint8_t A5 = 5;
