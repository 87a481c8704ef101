// A block of bytes that survives a restart, after commit().
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <string.h>

class EEPROMClass {
 public:
  // `size`: 1 to 4096 bytes.
  bool begin(size_t size);
  void end();
  bool commit();
  uint8_t read(int address) const { return isInside(address, 1) ? bytes_[address] : 0; }
  void write(int address, uint8_t value) { put(address, value); }
  size_t length() const { return size_; }
  uint8_t* getDataPtr() { return bytes_; }

  template <typename Value>
  Value& get(int address, Value& out) const {
    if (isInside(address, sizeof out)) memcpy(&out, bytes_ + address, sizeof out);
    return out;
  }
  template <typename Value>
  const Value& put(int address, const Value& value) {
    if (isInside(address, sizeof value)) memcpy(bytes_ + address, &value, sizeof value);
    return value;
  }

 private:
  bool isInside(int address, size_t size) const { return address >= 0 && address + size <= size_; }

  uint8_t* bytes_ = nullptr;
  size_t size_ = 0;
};

extern EEPROMClass EEPROM;
