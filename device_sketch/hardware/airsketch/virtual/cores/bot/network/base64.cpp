#include "network/base64.h"

String base64::encode(const uint8_t* bytes, size_t size) {
  static constexpr char kAlphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  String text;
  for (size_t at = 0; at < size; at += 3) {
    const size_t count = size - at < 3 ? size - at : 3;
    uint32_t group = 0;
    for (size_t index = 0; index < 3; index++) group = group << 8 | (index < count ? bytes[at + index] : 0);
    for (size_t index = 0; index < 4; index++) text += index <= count ? kAlphabet[group >> (18 - 6 * index) & 63] : '=';
  }
  return text;
}
