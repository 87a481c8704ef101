#include "stdlib_noniso.h"

#include <string.h>

#include "WString.h"

namespace {
char* put(char* out, unsigned long long magnitude, bool negative, int base) {
  char room[bot::kNumberTextBytes];
  return strcpy(out, bot::formatInteger(room, magnitude, negative, static_cast<unsigned>(base), 'a'));
}
}  // namespace

char* itoa(int value, char* out, int base) {
  return ltoa(value, out, base);
}

char* ltoa(long value, char* out, int base) {
  // Only decimal numbers have a sign; other bases print the bits.
  if (base != 10) return ultoa(static_cast<unsigned long>(value), out, base);
  const long long wide = value;
  return put(out, static_cast<unsigned long long>(wide < 0 ? -wide : wide), wide < 0, base);
}

char* utoa(unsigned value, char* out, int base) {
  return put(out, value, false, base);
}

char* ultoa(unsigned long value, char* out, int base) {
  return put(out, value, false, base);
}

char* dtostrf(double value, int width, unsigned decimals, char* out) {
  char room[bot::kDecimalTextBytes];
  const int size = static_cast<int>(bot::formatDecimal(room, value, decimals));
  const int wanted = width < 0 ? -width : width;
  const int blanks = wanted > size ? wanted - size : 0;
  const int left = width > 0 ? blanks : 0;
  memset(out, ' ', static_cast<size_t>(size + blanks));
  memcpy(out + left, room, static_cast<size_t>(size));
  out[size + blanks] = '\0';
  return out;
}
