// What the sketch prints to `Serial`, for the wireless log.
//
// `HardwareSerial` of both cores writes by ESP-IDF's `uart_write_bytes`, from other files than the one that defines it.
// Builds of Airsketch give the linker `--wrap=uart_write_bytes`: such calls then arrive here, and `__real_...` is the
// function itself. In a build without that option nobody calls this, and the linker leaves it out.
//
// Only the port of `Serial` is heard, never one that talks to a sensor. A `Serial` over the chip's own USB ("CDC on
// boot") does not pass here.
#pragma once

#include <stddef.h>

#include "Esp32Agent.h"

namespace airsketch {

// At most so many bytes under one lock, which holds interrupts up: some 20 microseconds.
constexpr size_t kHeardAtOnce_bytes = 64;

inline void hearSerial(const char* bytes, size_t size) {
  while (size > 0) {
    const size_t part = size < kHeardAtOnce_bytes ? size : kHeardAtOnce_bytes;
    const Lock lock;
    agent().session.ring().hear(bytes, part);
    bytes += part;
    size -= part;
  }
}

}  // namespace airsketch

extern "C" {

int __real_uart_write_bytes(int port, const void* bytes, size_t size) __attribute__((weak));

int __wrap_uart_write_bytes(int port, const void* bytes, size_t size) {
  constexpr int kPortOfSerial = 0;
  if (port == kPortOfSerial && bytes && airsketch::agent().session.logs())
    airsketch::hearSerial(static_cast<const char*>(bytes), size);
  return __real_uart_write_bytes(port, bytes, size);
}
}
