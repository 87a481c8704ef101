// STAND-IN: declarations of ESP-IDF 5.1 that AirsketchBot uses, so that its types are checked. No code.
#pragma once

#define RTC_NOINIT_ATTR __attribute__((section(".rtc_noinit")))
