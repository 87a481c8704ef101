// One HTTP transfer at a time, to the bot's own server.
#pragma once

#include <stddef.h>
#include <stdint.h>

namespace airsketch {

struct HttpHeader {
  const char* name;
  const char* value;
};

struct HttpRequest {
  const char* server;  // http://host:port or https://host, without an ending slash
  const char* method;
  const char* path;
  const HttpHeader* headers;
  size_t headerCount;
  const void* body;
  size_t bodySize;
  uint32_t timeout_ms;  // for the connection and for each silence after it
};

struct HttpAnswer {
  int32_t status = 0;
  int64_t size_bytes = -1;        // Content-Length; -1 if the server did not say
  char serverSignature[65] = {};  // X-Server-Signature
  char contentRange[64] = {};     // Content-Range
};

class Transport {
 public:
  static constexpr int32_t kFailed = -1;
  static constexpr int32_t kNoMemory = -2;

  // Returns when the answer's headers are there: 0, or one of the numbers above.
  virtual int32_t open(const HttpRequest& request, HttpAnswer* answer) = 0;
  // The next bytes of the body: their count, 0 at its end, or negative.
  virtual int32_t read(void* out, size_t capacity) = 0;
  // Also ends a transfer early; harmless when none is open.
  virtual void close() = 0;

 protected:
  ~Transport() = default;
};

}  // namespace airsketch
