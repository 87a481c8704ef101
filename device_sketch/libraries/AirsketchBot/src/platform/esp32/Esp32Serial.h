// Captures what the sketch prints to `Serial`, for the wireless log.
//
// `HardwareSerial` of both cores writes through ESP-IDF's `uart_write_bytes`, from other files than the one that
// defines it. Builds of Airsketch pass `--wrap=uart_write_bytes` to the linker: such calls then arrive here, and
// `__real_...` is the original function. In a build without that option nothing calls this, and the linker drops it.
//
// Only the port of `Serial` is captured, never one that talks to a sensor. A `Serial` over the chip's own USB ("CDC on
// boot") does not come this way.
#pragma once

#include <stddef.h>

#include "Esp32Agent.h"

namespace airsketch {

// Maximum number of bytes copied under one lock, which blocks interrupts for about 20 microseconds.
constexpr size_t kCaptureChunk_bytes = 64;

inline void captureSerial(const char* bytes, size_t size) {
  while (size > 0) {
    const size_t part = size < kCaptureChunk_bytes ? size : kCaptureChunk_bytes;
    const Lock lock;
    agent().session.ring().append(bytes, part);
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
    airsketch::captureSerial(static_cast<const char*>(bytes), size);
  return __real_uart_write_bytes(port, bytes, size);
}
}
