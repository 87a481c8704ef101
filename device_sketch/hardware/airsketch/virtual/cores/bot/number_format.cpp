// Formats numbers without the code size of the C library's printf.
#include <math.h>
#include <string.h>

#include "WString.h"

namespace bot {

char* formatInteger(char (&room)[kNumberTextBytes], unsigned long long magnitude, bool negative, unsigned base,
                    char firstLetter) {
  if (base < 2 || base > 36) base = 10;
  char* at = room + kNumberTextBytes - 1;
  *at = '\0';
  do {
    const unsigned digit = static_cast<unsigned>(magnitude % base);
    *--at = static_cast<char>(digit < 10 ? '0' + digit : firstLetter + digit - 10);
    magnitude /= base;
  } while (magnitude != 0);
  if (negative) *--at = '-';
  return at;
}

namespace {

size_t putText(char* out, const char* text) {
  strcpy(out, text);
  return strlen(text);
}

// The digits of an integer of any size, most significant first.
size_t putWhole(char* out, double whole) {
  size_t count = 0;
  double scale = 1;
  while (whole / scale >= 10) scale *= 10;
  for (; scale >= 1; scale /= 10) {
    const int digit = static_cast<int>(fmod(floor(whole / scale), 10));
    out[count++] = static_cast<char>('0' + digit);
  }
  return count;
}

}  // namespace

size_t formatDecimal(char (&room)[kDecimalTextBytes], double value, unsigned decimals) {
  if (isnan(value)) return putText(room, "nan");
  if (isinf(value)) return putText(room, value < 0 ? "-inf" : "inf");
  if (decimals > kMaxDecimals) decimals = kMaxDecimals;
  size_t size = 0;
  if (value < 0) room[size++] = '-';
  double rounding = 0.5;
  for (unsigned place = 0; place < decimals; place++) rounding /= 10;
  const double magnitude = fabs(value) + rounding;
  size += putWhole(room + size, floor(magnitude));
  if (decimals > 0) room[size++] = '.';
  double rest = magnitude - floor(magnitude);
  for (unsigned place = 0; place < decimals; place++) {
    rest *= 10;
    const int digit = static_cast<int>(rest);
    room[size++] = static_cast<char>('0' + digit);
    rest -= digit;
  }
  room[size] = '\0';
  return size;
}

}  // namespace bot
