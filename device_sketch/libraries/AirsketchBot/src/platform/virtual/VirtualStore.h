// The store on the virtual bot. A stored text starts with a type byte, as in the core's Preferences, so that sketch,
// page and agent read the same format.
#pragma once

#include <bot_host.h>

#include "../Store.h"

namespace airsketch {

class VirtualStore final : public Store {
 public:
  int32_t read(const char* key, char* out, size_t capacity) override {
    char stored[1 + kMaxTextBytes];
    const int32_t size =
        bot::host::bot_nvs_get(kNamespace, sizeof kNamespace - 1, key, length(key), stored, sizeof stored);
    if (size < 1 || stored[0] != kTextType || static_cast<size_t>(size) > sizeof stored) return -1;
    const size_t textSize = static_cast<size_t>(size) - 1;
    memcpy(out, stored + 1, textSize < capacity ? textSize : capacity);
    return static_cast<int32_t>(textSize);
  }

  bool set(const char* key, const char* text) override {
    char stored[1 + kMaxTextBytes];
    const size_t size = strlen(text);
    if (size > kMaxTextBytes) return false;
    stored[0] = kTextType;
    memcpy(stored + 1, text, size);
    const int32_t total = static_cast<int32_t>(size) + 1;
    return bot::host::bot_nvs_set(kNamespace, sizeof kNamespace - 1, key, length(key), stored, total) == 0;
  }

  void remove(const char* key) override { bot::host::bot_nvs_del(kNamespace, sizeof kNamespace - 1, key, length(key)); }

 private:
  static int32_t length(const char* text) { return static_cast<int32_t>(strlen(text)); }

  static constexpr char kNamespace[] = "airsketch";
  static constexpr char kTextType = 8;
};

}  // namespace airsketch
