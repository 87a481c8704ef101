// Conversion between bytes and lower-case hexadecimal digits, and constant-time comparison.
#pragma once

#include "Text.h"

namespace airsketch {

// Writes 2 * size digits and a terminating zero.
AIRSKETCH_OUT_OF_LINE inline void toHex(const uint8_t* bytes, size_t size, char* out) {
  for (size_t at = 0; at < size; at++) {
    *out++ = "0123456789abcdef"[bytes[at] >> 4];
    *out++ = "0123456789abcdef"[bytes[at] & 15];
  }
  *out = '\0';
}

inline int hexDigit(char digit) {
  if (digit >= '0' && digit <= '9') return digit - '0';
  if (digit >= 'a' && digit <= 'f') return digit - 'a' + 10;
  if (digit >= 'A' && digit <= 'F') return digit - 'A' + 10;
  return -1;
}

// False unless `text` is exactly 2 * size digits.
AIRSKETCH_OUT_OF_LINE inline bool fromHex(const char* text, uint8_t* out, size_t size) {
  for (size_t at = 0; at < size; at++) {
    const int high = hexDigit(text[2 * at]);
    const int low = high < 0 ? -1 : hexDigit(text[2 * at + 1]);
    if (low < 0) return false;
    out[at] = static_cast<uint8_t>(high << 4 | low);
  }
  return text[2 * size] == '\0';
}

// Takes the same time wherever the bytes differ, so that a signature cannot be guessed byte by byte.
inline bool sameBytes(const uint8_t* left, const uint8_t* right, size_t size) {
  uint8_t difference = 0;
  for (size_t at = 0; at < size; at++) difference |= left[at] ^ right[at];
  return difference == 0;
}

}  // namespace airsketch
