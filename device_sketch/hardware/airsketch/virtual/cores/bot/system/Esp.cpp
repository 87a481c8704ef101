#include "system/Esp.h"

#include <stdlib.h>
#include <string.h>

#include "Arduino.h"
#include "bot_host.h"
#include "system/esp_ota_ops.h"

EspClass ESP;

namespace {
constexpr uint32_t kMaximumMemoryBytes = 2 * 1024 * 1024;
constexpr uint32_t kPageBytes = 65536;
constexpr int kInfoTextBytes = 128;
}  // namespace

extern "C" unsigned char __heap_base;

String bot::info(const char* key) {
  char text[kInfoTextBytes];
  const int size = bot::host::bot_info(key, strlen(key), text, sizeof text);
  return size > 0 && size <= kInfoTextBytes ? String(text, size) : String();
}

uint32_t EspClass::getHeapSize() {
  return kMaximumMemoryBytes - reinterpret_cast<uintptr_t>(&__heap_base);
}

// Memory that the module has not requested yet; what was freed since then is not counted.
uint32_t EspClass::getFreeHeap() {
  return kMaximumMemoryBytes - __builtin_wasm_memory_size(0) * kPageBytes;
}

uint32_t EspClass::getCycleCount() {
  return micros() * getCpuFreqMHz();
}

uint64_t EspClass::getEfuseMac() {
  String digits = bot::info("mac");
  digits.replace(":", "");
  uint64_t reversed = 0;
  const uint64_t value = strtoull(digits.c_str(), nullptr, 16);
  for (int byte = 0; byte < 6; byte++) reversed |= (value >> (8 * byte) & 0xff) << (8 * (5 - byte));
  return reversed;
}

uint32_t EspClass::getSketchSize() {
  return static_cast<uint32_t>(bot::info("image_size").toInt());
}

uint32_t EspClass::getFreeSketchSpace() {
  return bot::host::kSlotBytes;
}

String EspClass::getSketchSHA256() {
  return bot::info("image_sha256");
}

extern "C" {

void esp_restart() {
  bot::host::bot_restart(ESP_RST_SW);
}

esp_reset_reason_t esp_reset_reason() {
  return static_cast<esp_reset_reason_t>(bot::info("reset_reason").toInt());
}

uint32_t esp_get_free_heap_size() {
  return ESP.getFreeHeap();
}

esp_err_t esp_ota_mark_app_valid_cancel_rollback() {
  bot::host::bot_ota_confirm();
  return ESP_OK;
}
}
