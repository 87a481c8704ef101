// Hardware timers: not available on the virtual bot, with a clear error from the compiler.
#pragma once

#include <stdint.h>

#define AIRSKETCH_NO_TIMERS \
  __attribute__((unavailable("the virtual bot has no hardware timers; compare millis() in loop() instead")))

struct hw_timer_t;
hw_timer_t* timerBegin(uint32_t frequency_hz) AIRSKETCH_NO_TIMERS;
void timerAttachInterrupt(hw_timer_t* timer, void (*handler)()) AIRSKETCH_NO_TIMERS;
void timerAlarm(hw_timer_t* timer, uint64_t value, bool repeat, uint64_t count) AIRSKETCH_NO_TIMERS;
