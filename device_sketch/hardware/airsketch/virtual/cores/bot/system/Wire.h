// The I2C bus of the virtual bot: nothing is connected to it, so no device ever responds.
#pragma once

#include "Stream.h"

class TwoWire : public Stream {
 public:
  bool begin(int = -1, int = -1, uint32_t = 0) { return true; }
  bool end() { return true; }
  bool setClock(uint32_t) { return true; }
  bool setPins(int, int) { return true; }
  void beginTransmission(int) {}
  // 2: no device acknowledged its address.
  uint8_t endTransmission(bool = true) { return 2; }
  size_t requestFrom(int, int, bool = true) { return 0; }
  int available() override { return 0; }
  int read() override { return -1; }
  int peek() override { return -1; }
  size_t write(uint8_t) override { return 1; }
  using Print::write;
};

inline TwoWire Wire;
inline TwoWire Wire1;
