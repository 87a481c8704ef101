// Key-value storage that survives a power cut: short texts in the NVS namespace "airsketch".
#pragma once

#include "../core/Text.h"

namespace airsketch {

class Store {
 public:
  // The length of the stored text, or -1 if there is none. At most `capacity` bytes and no ending zero are written.
  virtual int32_t read(const char* key, char* out, size_t capacity) = 0;
  // Atomic: a power cut leaves either the old or the new text. NVS keys have 1 to 15 characters.
  virtual bool set(const char* key, const char* text) = 0;
  virtual void remove(const char* key) = 0;

  // False if the key is missing or its text is too long for `out`.
  AIRSKETCH_OUT_OF_LINE bool get(const char* key, TextBase* out) {
    char text[kMaxTextBytes];
    const size_t room = out->capacity() < kMaxTextBytes ? out->capacity() : kMaxTextBytes;
    const int32_t size = read(key, text, room);
    out->clear();
    if (size < 0 || static_cast<size_t>(size) > room) return false;
    out->add(text, static_cast<size_t>(size));
    return true;
  }

  static constexpr size_t kMaxTextBytes = 256;

 protected:
  ~Store() = default;
};

}  // namespace airsketch
