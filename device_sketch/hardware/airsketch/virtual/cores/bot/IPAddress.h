// An IPv4 address.
#pragma once

#include "Printable.h"
#include "WString.h"

class IPAddress : public Printable {
 public:
  IPAddress() : IPAddress(0, 0, 0, 0) {}
  IPAddress(uint8_t a, uint8_t b, uint8_t c, uint8_t d) : parts_{a, b, c, d} {}
  // As the network libraries store it: the first octet in the lowest byte.
  IPAddress(uint32_t address);

  bool fromString(const char* text);
  bool fromString(const String& text) { return fromString(text.c_str()); }
  String toString() const;
  operator uint32_t() const;
  bool operator==(const IPAddress& other) const { return static_cast<uint32_t>(*this) == static_cast<uint32_t>(other); }
  uint8_t operator[](int index) const { return parts_[index & 3]; }
  uint8_t& operator[](int index) { return parts_[index & 3]; }
  size_t printTo(Print& out) const override;

 private:
  uint8_t parts_[4];
};

inline const IPAddress INADDR_NONE(0, 0, 0, 0);
