// Deep sleep: not available on the virtual bot, with a clear error from the compiler.
#pragma once

#include "system/esp_system.h"

#define AIRSKETCH_NO_SLEEP \
  __attribute__((unavailable("the virtual bot has no deep sleep; choose an ESP32 board or use delay()")))

typedef enum { ESP_SLEEP_WAKEUP_UNDEFINED } esp_sleep_wakeup_cause_t;

extern "C" {
esp_err_t esp_sleep_enable_timer_wakeup(uint64_t duration_us) AIRSKETCH_NO_SLEEP;
void esp_deep_sleep_start(void) AIRSKETCH_NO_SLEEP;
void esp_deep_sleep(uint64_t duration_us) AIRSKETCH_NO_SLEEP;
esp_err_t esp_light_sleep_start(void) AIRSKETCH_NO_SLEEP;
}

inline esp_sleep_wakeup_cause_t esp_sleep_get_wakeup_cause() {
  return ESP_SLEEP_WAKEUP_UNDEFINED;
}
