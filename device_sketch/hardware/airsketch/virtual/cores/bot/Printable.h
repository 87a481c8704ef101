#pragma once

#include <stddef.h>

class Print;

// Base class of everything that can print itself.
class Printable {
 public:
  virtual ~Printable() = default;
  virtual size_t printTo(Print& out) const = 0;
};
