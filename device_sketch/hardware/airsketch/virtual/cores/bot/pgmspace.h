// Macros for constants in flash. Here, as on the ESP32, flash is read like any memory.
#pragma once

#include <stdint.h>
#include <string.h>

#define PROGMEM
#define PGM_P const char*
#define PSTR(text) (text)
#define FPSTR(text) (reinterpret_cast<const __FlashStringHelper*>(text))
#define pgm_read_byte(address) (*reinterpret_cast<const uint8_t*>(address))
#define pgm_read_word(address) (*reinterpret_cast<const uint16_t*>(address))
#define pgm_read_dword(address) (*reinterpret_cast<const uint32_t*>(address))
#define pgm_read_float(address) (*reinterpret_cast<const float*>(address))
#define pgm_read_ptr(address) (*reinterpret_cast<const void* const*>(address))
#define memcpy_P memcpy
#define strcpy_P strcpy
#define strncpy_P strncpy
#define strcmp_P strcmp
#define strlen_P strlen
#define sprintf_P sprintf
#define snprintf_P snprintf
