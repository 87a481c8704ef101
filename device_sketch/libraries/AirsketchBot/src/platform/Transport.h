// HTTP to the bot's own server, one transfer at a time.
#pragma once

#include <stddef.h>
#include <stdint.h>

namespace airsketch {

struct HttpHeader {
  const char* name;
  const char* value;
};

struct HttpRequest {
  const char* server;  // http://host:port or https://host, without a trailing slash
  const char* method;
  const char* path;
  const HttpHeader* headers;
  size_t headerCount;
  const void* body;
  size_t bodySize;
  uint32_t timeout_ms;  // for connecting, and for each pause after that
};

struct HttpAnswer {
  int32_t status = 0;
  int64_t size_bytes = -1;        // Content-Length; -1 if unknown
  char serverSignature[65] = {};  // X-Server-Signature
  char contentRange[64] = {};     // Content-Range
};

class Transport {
 public:
  static constexpr int32_t kFailed = -1;
  static constexpr int32_t kNoMemory = -2;

  // Returns once the response headers have arrived: 0, or one of the errors above.
  virtual int32_t open(const HttpRequest& request, HttpAnswer* answer) = 0;
  // Reads the next bytes of the body. Returns their count, 0 at the end, or a negative number on failure.
  virtual int32_t read(void* out, size_t capacity) = 0;
  // May be called before the end of a transfer, or without one.
  virtual void close() = 0;

 protected:
  ~Transport() = default;
};

}  // namespace airsketch
