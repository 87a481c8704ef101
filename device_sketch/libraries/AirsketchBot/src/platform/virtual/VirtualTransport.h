// HTTP of the virtual bot, through its host.
#pragma once

#include <bot_host.h>

#include "../../core/Text.h"
#include "../Transport.h"

namespace airsketch {

class VirtualTransport final : public Transport {
 public:
  int32_t open(const HttpRequest& request, HttpAnswer* answer) override {
    close();
    Text<1024> text(request.method);
    text.add(" ").add(request.server).add(request.path).add("\n");
    for (size_t at = 0; at < request.headerCount; at++)
      text.add(request.headers[at].name).add(": ").add(request.headers[at].value).add("\n");
    handle_ =
        bot::host::bot_http_open(text.c_str(), static_cast<int32_t>(text.size()), request.body,
                                 static_cast<int32_t>(request.bodySize), static_cast<int32_t>(request.timeout_ms));
    if (handle_ < 0) return kFailed;
    answer->status = bot::host::bot_http_status(handle_);
    answer->size_bytes = bot::host::bot_http_size(handle_);
    readHeader("X-Server-Signature", answer->serverSignature, sizeof answer->serverSignature);
    readHeader("Content-Range", answer->contentRange, sizeof answer->contentRange);
    return 0;
  }

  int32_t read(void* out, size_t capacity) override {
    return handle_ < 0 ? kFailed : bot::host::bot_http_read(handle_, out, static_cast<int32_t>(capacity));
  }

  void close() override {
    if (handle_ >= 0) bot::host::bot_http_close(handle_);
    handle_ = -1;
  }

 private:
  void readHeader(const char* name, char* out, size_t capacity) {
    const int32_t size = bot::host::bot_http_header(handle_, name, static_cast<int32_t>(strlen(name)), out,
                                                    static_cast<int32_t>(capacity - 1));
    out[size > 0 && static_cast<size_t>(size) < capacity ? size : 0] = '\0';
  }

  int32_t handle_ = -1;
};

}  // namespace airsketch
