// A string of bounded length that needs no heap. What does not fit is cut off; `fits()` tells whether that happened.
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <string.h>

namespace airsketch {

// Prevents inlining: the agent is in every image, so code size matters.
#define AIRSKETCH_OUT_OF_LINE __attribute__((noinline))

// Code shared by all capacities. Only `Text` derives from it and puts the characters right behind it.
class TextBase {
 public:
  AIRSKETCH_OUT_OF_LINE TextBase& add(const char* text, size_t count) {
    if (count > static_cast<size_t>(capacity_ - size_)) {
      isCut_ = 1;
      count = static_cast<size_t>(capacity_ - size_);
    }
    memcpy(chars() + size_, text, count);
    size_ = static_cast<uint16_t>(size_ + count);
    chars()[size_] = '\0';
    return *this;
  }

  AIRSKETCH_OUT_OF_LINE TextBase& add(const char* text) { return add(text, strlen(text)); }

  AIRSKETCH_OUT_OF_LINE TextBase& add(int64_t number) {
    char digits[21];
    size_t at = sizeof digits;
    uint64_t rest = number < 0 ? 0 - static_cast<uint64_t>(number) : static_cast<uint64_t>(number);
    do {
      digits[--at] = static_cast<char>('0' + rest % 10);
      rest /= 10;
    } while (rest > 0);
    if (number < 0) digits[--at] = '-';
    return add(digits + at, sizeof digits - at);
  }

  // Appends as the content of a JSON string: quotes and backslashes escaped, control characters replaced by spaces.
  AIRSKETCH_OUT_OF_LINE TextBase& addEscaped(const char* text) {
    for (; *text; text++) {
      const char one = static_cast<unsigned char>(*text) < 0x20 || *text == 0x7f ? ' ' : *text;
      if (one == '"' || one == '\\') add("\\", 1);
      add(&one, 1);
    }
    return *this;
  }

  void clear() {
    size_ = 0;
    isCut_ = 0;
    chars()[0] = '\0';
  }

  AIRSKETCH_OUT_OF_LINE void set(const char* text) {
    clear();
    add(text);
  }

  const char* c_str() const { return reinterpret_cast<const char*>(this + 1); }
  size_t size() const { return size_; }
  size_t capacity() const { return capacity_; }
  bool empty() const { return size_ == 0; }
  bool fits() const { return isCut_ == 0; }

 protected:
  explicit TextBase(size_t capacity) : capacity_(static_cast<uint16_t>(capacity)) {}
  TextBase(const TextBase&) = default;
  TextBase& operator=(const TextBase&) = default;

 private:
  char* chars() { return reinterpret_cast<char*>(this + 1); }

  // All of the same size, so that there is no padding between them and the characters.
  uint16_t capacity_;
  uint16_t size_ = 0;
  uint16_t isCut_ = 0;
};

template <size_t kCapacity>
class Text : public TextBase {
 public:
  static_assert(kCapacity <= UINT16_MAX, "sizes are kept in 16 bits");

  Text() : TextBase(kCapacity) {
    static_assert(sizeof(Text) - sizeof(TextBase) - sizeof chars_ < sizeof(uint16_t), "the characters follow");
    clear();
  }
  explicit Text(const char* text) : TextBase(kCapacity) { set(text); }

 private:
  char chars_[kCapacity + 1];
};

// Parses a text of decimal digits only; `fallback` for any other text.
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
