// STAND-IN: declarations of ESP-IDF 5.1 that AirsketchBot uses, so that its types are checked. No code.
#pragma once

#include <stdint.h>

extern "C" {
int esp_rom_printf(const char* format, ...);
void esp_rom_delay_us(uint32_t us);
}
