// STAND-IN: declarations of ESP-IDF 5.1 that AirsketchBot uses, so that its types are checked. No code.
#pragma once

#include "system/esp_system.h"

#define ESP_ERR_NO_MEM 0x101
#define ESP_ERR_INVALID_STATE 0x103
