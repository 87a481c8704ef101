// What stands between `Serial` and the wire on an ESP32: the core's esp32-hal-uart, which calls ESP-IDF's driver.
#include <stddef.h>
#include <string.h>

extern "C" int uart_write_bytes(int port, const void* bytes, size_t size);

void printOnPort(int port, const char* text) {
  uart_write_bytes(port, text, strlen(text));
}
