// The rest of an ESP32.
#pragma once

#include <driver/gpio.h>
#include <esp_attr.h>
#include <esp_rom_sys.h>
#include <esp_system.h>
#include <esp_timer.h>
#include <freertos/FreeRTOS.h>
#include <freertos/task.h>
#include <soc/gpio_reg.h>
#include <soc/soc.h>

#include "../System.h"
#include "IdfVersion.h"

namespace airsketch {

// Keeps its content over a restart but not over a power cut; the magic number tells which one it was.
RTC_NOINIT_ATTR static BootRecord bootRecordInRtcMemory;

class Esp32System final : public System {
 public:
  uint64_t now_ms() override { return static_cast<uint64_t>(esp_timer_get_time() / 1000); }
  uint32_t random() override { return esp_random(); }
  const char* board() override { return kBoard; }

  BootCause bootCause() override {
    switch (esp_reset_reason()) {
      case ESP_RST_SW:
        return BootCause::kRestart;
      case ESP_RST_PANIC:
      case ESP_RST_INT_WDT:
      case ESP_RST_TASK_WDT:
      case ESP_RST_WDT:
        return BootCause::kCrash;
      case ESP_RST_DEEPSLEEP:
        return BootCause::kSleep;
      default:
        return BootCause::kPower;
    }
  }

  const char* resetReason() override {
    switch (esp_reset_reason()) {
      case ESP_RST_POWERON:
        return "power_on";
      case ESP_RST_EXT:
        return "reset_button";
      case ESP_RST_SW:
        return "software";
      case ESP_RST_PANIC:
        return "crash";
      case ESP_RST_INT_WDT:
      case ESP_RST_TASK_WDT:
      case ESP_RST_WDT:
        return "watchdog";
      case ESP_RST_DEEPSLEEP:
        return "deep_sleep";
      case ESP_RST_BROWNOUT:
        return "brownout";
      default:
        return "unknown";
    }
  }

  uint32_t freeHeap_bytes() override { return esp_get_free_heap_size(); }
  void loadBootRecord(BootRecord* out) override { *out = bootRecordInRtcMemory; }
  void saveBootRecord(const BootRecord& record) override { bootRecordInRtcMemory = record; }
  void restart() override { esp_restart(); }

  bool claimPin(int32_t pin, bool asOutput, bool pullUp) override {
    if (!GPIO_IS_VALID_GPIO(pin) || pin >= kPinsOfFirstRegister) return false;
    gpio_config_t config = {};
    config.pin_bit_mask = uint64_t{1} << pin;
    config.mode = asOutput ? GPIO_MODE_OUTPUT : GPIO_MODE_INPUT;
    config.pull_up_en = !asOutput && pullUp ? GPIO_PULLUP_ENABLE : GPIO_PULLUP_DISABLE;
    config.pull_down_en = !asOutput && !pullUp ? GPIO_PULLDOWN_ENABLE : GPIO_PULLDOWN_DISABLE;
    config.intr_type = GPIO_INTR_DISABLE;
    isHighWhenReleased_ = pullUp;
    if (gpio_config(&config) != ESP_OK) return false;
    esp_rom_delay_us(kPullSettles_us);
    return true;
  }

  int32_t defaultTriggerPin() override { return kBootButton; }

  bool readPin(int32_t pin) override {
    const bool isDriven = REG_READ(GPIO_ENABLE_REG) & (uint32_t{1} << pin);
    return isDriven ? isHighWhenReleased_ : gpio_get_level(static_cast<gpio_num_t>(pin)) != 0;
  }

  void writePin(int32_t pin, bool high) override { gpio_set_level(static_cast<gpio_num_t>(pin), high); }
  void println(const char* line) override { esp_rom_printf("[airsketch] %s\r\n", line); }
  void lock() override { portENTER_CRITICAL(&mutex_); }
  void unlock() override { portEXIT_CRITICAL(&mutex_); }

 private:
  static constexpr int32_t kPinsOfFirstRegister = 32;  // the register GPIO_ENABLE_REG covers no more
  static constexpr uint32_t kPullSettles_us = 100;     // 45 kOhm and the capacitance of a button's wire

  portMUX_TYPE mutex_ = portMUX_INITIALIZER_UNLOCKED;
  bool isHighWhenReleased_ = true;
};

}  // namespace airsketch
