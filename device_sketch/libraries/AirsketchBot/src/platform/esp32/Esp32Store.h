// The store on an ESP32: NVS, which `initArduino()` has opened before the agent starts.
#pragma once

#include <nvs.h>

#include "../Store.h"

namespace airsketch {

constexpr char kNvsNamespace[] = "airsketch";

class Esp32Store final : public Store {
 public:
  int32_t read(const char* key, char* out, size_t capacity) override {
    nvs_handle_t handle;
    if (nvs_open(kNvsNamespace, NVS_READONLY, &handle) != ESP_OK) return -1;
    char text[kMaxTextBytes + 1];
    size_t size = sizeof text;  // including the terminating zero
    const esp_err_t found = nvs_get_str(handle, key, text, &size);
    nvs_close(handle);
    if (found != ESP_OK || size == 0) return -1;
    memcpy(out, text, size - 1 < capacity ? size - 1 : capacity);
    return static_cast<int32_t>(size - 1);
  }

  bool set(const char* key, const char* text) override {
    return change([key, text](nvs_handle_t handle) { return nvs_set_str(handle, key, text); });
  }

  void remove(const char* key) override {
    change([key](nvs_handle_t handle) { return nvs_erase_key(handle, key); });
  }

 private:
  template <class Change>
  bool change(Change apply) {
    nvs_handle_t handle;
    if (nvs_open(kNvsNamespace, NVS_READWRITE, &handle) != ESP_OK) return false;
    const bool done = apply(handle) == ESP_OK && nvs_commit(handle) == ESP_OK;
    nvs_close(handle);
    return done;
  }
};

}  // namespace airsketch
