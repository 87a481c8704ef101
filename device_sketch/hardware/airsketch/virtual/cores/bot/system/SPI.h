// The SPI bus of the virtual bot: nothing is connected to it, so it always reads zero.
#pragma once

#include <stddef.h>
#include <stdint.h>

#define SPI_MODE0 0
#define SPI_MODE1 1
#define SPI_MODE2 2
#define SPI_MODE3 3

class SPISettings {
 public:
  SPISettings(uint32_t = 1000000, uint8_t = 1, uint8_t = SPI_MODE0) {}
};

class SPIClass {
 public:
  explicit SPIClass(uint8_t = 0) {}
  void begin(int8_t = -1, int8_t = -1, int8_t = -1, int8_t = -1) {}
  void end() {}
  void beginTransaction(SPISettings) {}
  void endTransaction() {}
  void setFrequency(uint32_t) {}
  void setBitOrder(uint8_t) {}
  void setDataMode(uint8_t) {}
  uint8_t transfer(uint8_t) { return 0; }
  uint16_t transfer16(uint16_t) { return 0; }
  void transfer(void*, size_t) {}
};

inline SPIClass SPI;
