// The only place that knows what differs between ESP-IDF 4.4 (Arduino core 2.0.17) and 5.1 (core 3.x).
#pragma once

#include <esp_idf_version.h>
#include <esp_system.h>
#include <sdkconfig.h>

#if ESP_IDF_VERSION >= ESP_IDF_VERSION_VAL(5, 0, 0)
#include <esp_random.h>
#endif

namespace airsketch {

// FQBN the image was built for. Core 2.0 does not define it; then the chip's general board stands for it.
#ifdef ARDUINO_FQBN
constexpr char kBoard[] = ARDUINO_FQBN;
#else
constexpr char kBoard[] = "esp32:esp32:" CONFIG_IDF_TARGET;
#endif

// The BOOT button of Espressif's development boards, by chip.
#if CONFIG_IDF_TARGET_ESP32 || CONFIG_IDF_TARGET_ESP32S2 || CONFIG_IDF_TARGET_ESP32S3
constexpr int kBootButton = 0;
#else
constexpr int kBootButton = 9;  // C3, C6
#endif

}  // namespace airsketch
