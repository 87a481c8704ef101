// HTTP requests, with the API of Espressif's core.
#pragma once

#include "Stream.h"
#include "WString.h"
#include "network/NetworkClient.h"

#define HTTPCLIENT_DEFAULT_TCP_TIMEOUT 5000

#define HTTPC_ERROR_CONNECTION_REFUSED (-1)
#define HTTPC_ERROR_SEND_HEADER_FAILED (-2)
#define HTTPC_ERROR_SEND_PAYLOAD_FAILED (-3)
#define HTTPC_ERROR_NOT_CONNECTED (-4)
#define HTTPC_ERROR_CONNECTION_LOST (-5)
#define HTTPC_ERROR_NO_STREAM (-6)
#define HTTPC_ERROR_NO_HTTP_SERVER (-7)
#define HTTPC_ERROR_TOO_LESS_RAM (-8)
#define HTTPC_ERROR_ENCODING (-9)
#define HTTPC_ERROR_STREAM_WRITE (-10)
#define HTTPC_ERROR_READ_TIMEOUT (-11)

typedef enum {
  HTTP_CODE_OK = 200,
  HTTP_CODE_CREATED = 201,
  HTTP_CODE_ACCEPTED = 202,
  HTTP_CODE_NO_CONTENT = 204,
  HTTP_CODE_PARTIAL_CONTENT = 206,
  HTTP_CODE_MOVED_PERMANENTLY = 301,
  HTTP_CODE_FOUND = 302,
  HTTP_CODE_NOT_MODIFIED = 304,
  HTTP_CODE_BAD_REQUEST = 400,
  HTTP_CODE_UNAUTHORIZED = 401,
  HTTP_CODE_FORBIDDEN = 403,
  HTTP_CODE_NOT_FOUND = 404,
  HTTP_CODE_CONFLICT = 409,
  HTTP_CODE_GONE = 410,
  HTTP_CODE_TOO_MANY_REQUESTS = 429,
  HTTP_CODE_INTERNAL_SERVER_ERROR = 500,
  HTTP_CODE_SERVICE_UNAVAILABLE = 503,
} t_http_codes;

typedef enum {
  HTTPC_DISABLE_FOLLOW_REDIRECTS,
  HTTPC_STRICT_FOLLOW_REDIRECTS,
  HTTPC_FORCE_FOLLOW_REDIRECTS
} followRedirects_t;

class HTTPClient {
 public:
  ~HTTPClient() { end(); }
  bool begin(const String& url);
  bool begin(NetworkClient&, const String& url) { return begin(url); }
  bool begin(const String& host, uint16_t port, const String& uri = "/", bool https = false);
  bool begin(NetworkClient&, const String& host, uint16_t port, const String& uri = "/", bool https = false) {
    return begin(host, port, uri, https);
  }
  void end();
  bool connected() { return client_.connected() != 0; }

  void addHeader(const String& name, const String& value, bool first = false, bool replace = true);
  void setAuthorization(const char* user, const char* password);
  void setAuthorization(const char* basicToken);
  void setUserAgent(const String& name) { addHeader("User-Agent", name); }
  void setTimeout(uint16_t timeout_ms) { timeout_ms_ = timeout_ms; }
  void setConnectTimeout(int32_t timeout_ms) { timeout_ms_ = timeout_ms; }
  void setReuse(bool) {}
  void useHTTP10(bool = true) {}
  void setFollowRedirects(followRedirects_t) {}

  int GET() { return sendRequest("GET"); }
  int POST(const String& body) { return sendRequest("POST", body); }
  int POST(uint8_t* body, size_t size) { return sendRequest("POST", body, size); }
  int PUT(const String& body) { return sendRequest("PUT", body); }
  int PUT(uint8_t* body, size_t size) { return sendRequest("PUT", body, size); }
  int PATCH(const String& body) { return sendRequest("PATCH", body); }
  int sendRequest(const char* method, const String& body) {
    return sendRequest(method, reinterpret_cast<const uint8_t*>(body.c_str()), body.length());
  }
  // Returns the status code of the response, or a negative HTTPC_ERROR value.
  int sendRequest(const char* method, const uint8_t* body = nullptr, size_t size = 0);

  void collectHeaders(const char* names[], size_t count);
  String header(const char* name);
  String header(size_t index) { return index < collectedCount_ ? header(collected_[index].c_str()) : String(); }
  String headerName(size_t index) { return index < collectedCount_ ? collected_[index] : String(); }
  int headers() const { return static_cast<int>(collectedCount_); }
  bool hasHeader(const char* name) { return !header(name).isEmpty(); }
  String getLocation() { return header("Location"); }

  // The size of the response body in bytes, -1 if unknown.
  int getSize() const { return size_; }
  String getString();
  NetworkClient& getStream() { return client_; }
  NetworkClient* getStreamPtr() { return &client_; }
  int writeToStream(Stream* out);
  static String errorToString(int error);

 private:
  static constexpr size_t kMaxCollected = 16;

  NetworkClient client_;
  String url_;
  String requestHeaders_;
  String collected_[kMaxCollected];
  size_t collectedCount_ = 0;
  int size_ = -1;
  int32_t timeout_ms_ = HTTPCLIENT_DEFAULT_TCP_TIMEOUT;
};
