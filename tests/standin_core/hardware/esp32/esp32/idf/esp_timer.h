// STAND-IN: declarations of ESP-IDF 5.1 that AirsketchBot uses, so that its types are checked. No code.
#pragma once

#include <stdint.h>

extern "C" int64_t esp_timer_get_time(void);
