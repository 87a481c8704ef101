#include "network/HTTPClient.h"

#include <string.h>

#include "bot_host.h"
#include "network/base64.h"

using namespace bot::host;

namespace {
constexpr int kHeaderTextBytes = 512;
constexpr size_t kCopyBytes = 512;

bool isClean(const String& text) {
  return text.indexOf('\r') < 0 && text.indexOf('\n') < 0;
}
}  // namespace

bool HTTPClient::begin(const String& url) {
  end();
  url_ = url;
  return isClean(url) && (url.startsWith("http://") || url.startsWith("https://"));
}

bool HTTPClient::begin(const String& host, uint16_t port, const String& uri, bool https) {
  return begin(String(https ? "https://" : "http://") + host + ":" + port + uri);
}

void HTTPClient::end() {
  client_.stop();
  requestHeaders_.clear();
  size_ = -1;
}

void HTTPClient::addHeader(const String& name, const String& value, bool, bool) {
  if (isClean(name) && isClean(value)) requestHeaders_ += name + ": " + value + "\n";
}

void HTTPClient::setAuthorization(const char* user, const char* password) {
  setAuthorization(base64::encode(String(user) + ":" + password).c_str());
}

void HTTPClient::setAuthorization(const char* basicToken) {
  addHeader("Authorization", String("Basic ") + basicToken);
}

int HTTPClient::sendRequest(const char* method, const uint8_t* body, size_t size) {
  client_.stop();
  const String request = String(method) + " " + url_ + "\n" + requestHeaders_;
  const int handle = bot_http_open(request.c_str(), request.length(), body, size, timeout_ms_);
  if (handle < 0) return handle;
  size_ = bot_http_size(handle);
  client_.attach(handle, size_);
  return bot_http_status(handle);
}

void HTTPClient::collectHeaders(const char* names[], size_t count) {
  collectedCount_ = count < kMaxCollected ? count : kMaxCollected;
  for (size_t index = 0; index < collectedCount_; index++) collected_[index] = names[index];
}

String HTTPClient::header(const char* name) {
  char text[kHeaderTextBytes];
  if (client_.handle() < 0) return String();
  const int size = bot_http_header(client_.handle(), name, strlen(name), text, sizeof text);
  return size > 0 && size <= kHeaderTextBytes ? String(text, size) : String();
}

String HTTPClient::getString() {
  String text;
  char part[kCopyBytes];
  if (size_ > 0 && !text.reserve(size_)) return String();
  while (const size_t got = client_.readBytes(part, sizeof part)) text.concat(part, got);
  return text;
}

int HTTPClient::writeToStream(Stream* out) {
  int total = 0;
  char part[kCopyBytes];
  if (!out) return HTTPC_ERROR_NO_STREAM;
  while (const size_t got = client_.readBytes(part, sizeof part)) {
    if (out->write(part, got) != got) return HTTPC_ERROR_STREAM_WRITE;
    total += static_cast<int>(got);
  }
  return total;
}

String HTTPClient::errorToString(int error) {
  switch (error) {
    case HTTPC_ERROR_CONNECTION_REFUSED:
      return "connection refused";
    case HTTPC_ERROR_NOT_CONNECTED:
      return "not connected";
    case HTTPC_ERROR_CONNECTION_LOST:
      return "connection lost";
    case HTTPC_ERROR_NO_STREAM:
      return "no stream";
    case HTTPC_ERROR_NO_HTTP_SERVER:
      return "no HTTP server";
    case HTTPC_ERROR_TOO_LESS_RAM:
      return "not enough ram";
    case HTTPC_ERROR_STREAM_WRITE:
      return "Stream write error";
    case HTTPC_ERROR_READ_TIMEOUT:
      return "read Timeout";
    default:
      return String();
  }
}
