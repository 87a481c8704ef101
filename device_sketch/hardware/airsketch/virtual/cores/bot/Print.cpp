#include "Print.h"

#include <stdio.h>
#include <stdlib.h>

size_t Print::write(const uint8_t* bytes, size_t size) {
  size_t written = 0;
  while (written < size && write(bytes[written]) == 1) written++;
  return written;
}

size_t Print::printf(const char* format, ...) {
  va_list arguments;
  va_start(arguments, format);
  const size_t written = vprintf(format, arguments);
  va_end(arguments);
  return written;
}

size_t Print::vprintf(const char* format, va_list arguments) {
  char room[96];
  va_list again;
  va_copy(again, arguments);
  const int size = vsnprintf(room, sizeof room, format, arguments);
  size_t written = 0;
  if (size >= 0 && static_cast<size_t>(size) < sizeof room) {
    written = write(room, size);
  } else if (char* text = size < 0 ? nullptr : static_cast<char*>(malloc(size + 1))) {
    vsnprintf(text, size + 1, format, again);
    written = write(text, size);
    free(text);
  }
  va_end(again);
  return written;
}

size_t Print::print(double value, int decimals) {
  char room[bot::kDecimalTextBytes];
  return write(room, bot::formatDecimal(room, value, decimals < 0 ? 0 : decimals));
}

size_t Print::print(struct tm* moment, const char* format) {
  char room[64];
  return write(room, strftime(room, sizeof room, format ? format : "%c", moment));
}

size_t Print::printSigned(long long value, int base) {
  // Only decimal numbers have a sign; other bases print the bits of a 32-bit number.
  if (base != DEC) return printUnsigned(value >= INT32_MIN && value < 0 ? static_cast<uint32_t>(value) : value, base);
  char room[bot::kNumberTextBytes];
  const unsigned long long magnitude = value < 0 ? 0 - static_cast<unsigned long long>(value) : value;
  return write(bot::formatInteger(room, magnitude, value < 0, DEC, 'A'));
}

size_t Print::printUnsigned(unsigned long long value, int base) {
  char room[bot::kNumberTextBytes];
  return write(bot::formatInteger(room, value, false, base, 'A'));
}
