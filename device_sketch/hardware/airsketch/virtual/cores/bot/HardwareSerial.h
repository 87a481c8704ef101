// The serial ports of the bot.
#pragma once

#include "Stream.h"

#define SERIAL_8N1 0x800001c

class HardwareSerial : public Stream {
 public:
  // Only port 0 is connected; the others accept everything and never receive.
  explicit HardwareSerial(int port) : port_(port) {}

  void begin(unsigned long baud, uint32_t config = SERIAL_8N1, int8_t rxPin = -1, int8_t txPin = -1);
  void end() {}
  void updateBaudRate(unsigned long baud) { baud_ = baud; }
  uint32_t baudRate() const { return baud_; }
  size_t setRxBufferSize(size_t size) { return size; }
  size_t setTxBufferSize(size_t size) { return size; }
  void setDebugOutput(bool) {}
  explicit operator bool() const { return true; }

  int available() override;
  int read() override;
  int peek() override;
  int availableForWrite() override { return 128; }
  size_t write(uint8_t byte) override { return write(&byte, 1); }
  size_t write(const uint8_t* bytes, size_t size) override;
  using Print::write;

 private:
  int port_;
  unsigned long baud_ = 0;
};

extern HardwareSerial Serial;
extern HardwareSerial Serial1;
extern HardwareSerial Serial2;
