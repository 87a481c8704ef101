// Incremental MD5 (RFC 1321). Detects damaged downloads; not for security.
#pragma once

#include "WString.h"

class MD5Builder {
 public:
  void begin();
  void add(const uint8_t* bytes, size_t size);
  void add(const char* text);
  void add(const String& text) { add(reinterpret_cast<const uint8_t*>(text.c_str()), text.length()); }
  void calculate();
  void getBytes(uint8_t* out) const;
  // 32 lower-case hex digits.
  String toString() const;

 private:
  void compress();

  uint64_t size_bytes_ = 0;
  uint32_t state_[4];
  uint8_t block_[64];
};
