// A text of bounded length that needs no heap. What does not fit is dropped, and remembered as dropped.
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <string.h>

namespace airsketch {

// Keeps a function out of its callers: the agent is in every image and compiled for every sketch, so small counts.
#define AIRSKETCH_OUT_OF_LINE __attribute__((noinline))

// Where a text of any capacity lies; its functions exist once for all capacities.
struct TextPlace {
  char* chars;
  size_t capacity;
  uint16_t* size;
  bool* fits;

  AIRSKETCH_OUT_OF_LINE void add(const char* text, size_t count) const {
    if (count > capacity - *size) {
      *fits = false;
      count = capacity - *size;
    }
    memcpy(chars + *size, text, count);
    *size = static_cast<uint16_t>(*size + count);
    chars[*size] = '\0';
  }

  AIRSKETCH_OUT_OF_LINE void add(int64_t number) const {
    char digits[21];
    size_t at = sizeof digits;
    uint64_t rest = number < 0 ? 0 - static_cast<uint64_t>(number) : static_cast<uint64_t>(number);
    do {
      digits[--at] = static_cast<char>('0' + rest % 10);
      rest /= 10;
    } while (rest > 0);
    if (number < 0) digits[--at] = '-';
    add(digits + at, sizeof digits - at);
  }

  AIRSKETCH_OUT_OF_LINE void addEscaped(const char* text) const {
    for (; *text; text++) {
      const char one = static_cast<unsigned char>(*text) < 0x20 || *text == 0x7f ? ' ' : *text;
      if (one == '"' || one == '\\') add("\\", 1);
      add(&one, 1);
    }
  }
};

template <size_t kCapacity>
class Text {
 public:
  static_assert(kCapacity <= UINT16_MAX, "sizes are kept in 16 bits");

  Text() { clear(); }
  explicit Text(const char* text) { set(text); }

  Text& add(const char* text) { return add(text, strlen(text)); }

  Text& add(const char* text, size_t size) {
    place().add(text, size);
    return *this;
  }

  Text& add(int64_t number) {
    place().add(number);
    return *this;
  }

  // As the inside of a JSON text: quotes and backslashes escaped, control characters replaced by a space.
  Text& addEscaped(const char* text) {
    place().addEscaped(text);
    return *this;
  }

  void clear() {
    size_ = 0;
    fits_ = true;
    chars_[0] = '\0';
  }

  void set(const char* text) {
    clear();
    add(text);
  }

  const char* c_str() const { return chars_; }
  size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  bool fits() const { return fits_; }

 private:
  TextPlace place() { return {chars_, kCapacity, &size_, &fits_}; }

  uint16_t size_;
  bool fits_;
  char chars_[kCapacity + 1];
};

// The number that a text of decimal digits alone means; `fallback` for any other text.
inline uint32_t numberOr(const char* text, uint32_t fallback) {
  if (!*text) return fallback;
  uint64_t number = 0;
  for (; *text; text++) {
    if (*text < '0' || *text > '9') return fallback;
    number = number * 10 + static_cast<uint64_t>(*text - '0');
    if (number > UINT32_MAX) return fallback;
  }
  return static_cast<uint32_t>(number);
}

}  // namespace airsketch
