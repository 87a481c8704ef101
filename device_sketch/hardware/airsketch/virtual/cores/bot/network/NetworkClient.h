// The connection type of Espressif's core. On the virtual bot it only carries the response of an HTTPClient: a browser
// page cannot open raw TCP connections, so connect() always fails.
#pragma once

#include "Client.h"

class NetworkClient : public Client {
 public:
  int connect(IPAddress, uint16_t) override { return 0; }
  int connect(const char*, uint16_t) override { return 0; }
  int available() override;
  int read() override;
  int peek() override;
  int read(uint8_t* out, size_t size) override;
  size_t readBytes(char* out, size_t size) override;
  size_t write(uint8_t) override { return 0; }
  size_t write(const uint8_t*, size_t) override { return 0; }
  void stop() override;
  uint8_t connected() override;
  operator bool() override { return connected() != 0; }
  void setNoDelay(bool) {}
  using Print::write;

  // For HTTPClient: takes over the body of a response, `size` bytes or -1 if the size is unknown.
  void attach(int handle, int size);
  int handle() const { return handle_; }

 private:
  bool fill();

  static constexpr int kBufferBytes = 1024;
  int handle_ = -1;
  int remaining_ = 0;
  bool ended_ = true;
  int at_ = 0;
  int end_ = 0;
  uint8_t buffer_[kBufferBytes];
};

typedef NetworkClient WiFiClient;
