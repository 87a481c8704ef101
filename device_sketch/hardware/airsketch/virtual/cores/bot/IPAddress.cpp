#include "IPAddress.h"

#include <ctype.h>
#include <stdlib.h>

#include "Print.h"

IPAddress::IPAddress(uint32_t address) {
  for (int part = 0; part < 4; part++) parts_[part] = static_cast<uint8_t>(address >> (8 * part));
}

IPAddress::operator uint32_t() const {
  return parts_[0] | parts_[1] << 8 | parts_[2] << 16 | static_cast<uint32_t>(parts_[3]) << 24;
}

bool IPAddress::fromString(const char* text) {
  uint8_t read[4];
  for (int part = 0; part < 4; part++) {
    if (part > 0 && *text++ != '.') return false;
    char* end;
    const long value = isdigit(*text) ? strtol(text, &end, 10) : -1;
    if (value < 0 || value > 255) return false;
    read[part] = static_cast<uint8_t>(value);
    text = end;
  }
  if (*text != '\0') return false;
  for (int part = 0; part < 4; part++) parts_[part] = read[part];
  return true;
}

String IPAddress::toString() const {
  String text(parts_[0]);
  for (int part = 1; part < 4; part++) {
    text += '.';
    text += parts_[part];
  }
  return text;
}

size_t IPAddress::printTo(Print& out) const {
  return out.print(toString());
}
