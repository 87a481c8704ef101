// Base64 (RFC 4648).
#pragma once

#include "WString.h"

class base64 {
 public:
  static String encode(const uint8_t* bytes, size_t size);
  static String encode(const String& text) {
    return encode(reinterpret_cast<const uint8_t*>(text.c_str()), text.length());
  }
};
