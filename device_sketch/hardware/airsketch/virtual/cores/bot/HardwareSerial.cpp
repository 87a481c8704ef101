#include "HardwareSerial.h"

#include "agent.h"
#include "bot_host.h"

using namespace bot::host;

HardwareSerial Serial(0);
HardwareSerial Serial1(1);
HardwareSerial Serial2(2);

void HardwareSerial::begin(unsigned long baud, uint32_t, int8_t, int8_t) {
  baud_ = baud;
}

int HardwareSerial::available() {
  notePolling();
  return port_ == 0 ? bot_rx_avail() : 0;
}

int HardwareSerial::read() {
  notePolling();
  return port_ == 0 ? bot_rx(0) : -1;
}

int HardwareSerial::peek() {
  notePolling();
  return port_ == 0 ? bot_rx(1) : -1;
}

size_t HardwareSerial::write(const uint8_t* bytes, size_t size) {
  if (port_ != 0 || size == 0) return size;
  bot_tx(bytes, static_cast<int32_t>(size));
  bot_agent_on_serial(bytes, static_cast<int32_t>(size));
  return size;
}
