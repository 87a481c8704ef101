// STAND-IN: declarations of ESP-IDF 5.1 that AirsketchBot uses, so that its types are checked. No code.
#pragma once

#include <stdint.h>

#define REG_READ(address) (*reinterpret_cast<volatile uint32_t*>(address))
