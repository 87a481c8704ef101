// Downloads a new image from a URL and starts it.
#pragma once

#include "network/Callback.h"
#include "network/HTTPClient.h"
#include "network/Update.h"

#define HTTP_UE_TOO_LESS_SPACE (-100)
#define HTTP_UE_SERVER_NOT_REPORT_SIZE (-101)
#define HTTP_UE_SERVER_FILE_NOT_FOUND (-102)
#define HTTP_UE_SERVER_FORBIDDEN (-103)
#define HTTP_UE_SERVER_WRONG_HTTP_CODE (-104)
#define HTTP_UE_SERVER_FAULTY_MD5 (-105)
#define HTTP_UE_BIN_VERIFY_HEADER_FAILED (-106)
#define HTTP_UE_BIN_FOR_WRONG_FLASH (-107)
#define HTTP_UE_NO_PARTITION (-108)

typedef enum { HTTP_UPDATE_FAILED, HTTP_UPDATE_NO_UPDATES, HTTP_UPDATE_OK } HTTPUpdateResult;
typedef HTTPUpdateResult t_httpUpdate_return;

// May change the request before it is sent, for example add a user name and a password.
using HTTPUpdateRequestCB = bot::Callback<void(HTTPClient*)>;

class HTTPUpdate {
 public:
  explicit HTTPUpdate(int timeout_ms = 8000) : timeout_ms_(timeout_ms) {}

  void rebootOnUpdate(bool reboot) { reboot_ = reboot; }
  void setFollowRedirects(followRedirects_t) {}
  void setLedPin(int = -1, uint8_t = 0) {}

  void onStart(bot::Callback<void()> call) { onStart_ = static_cast<bot::Callback<void()>&&>(call); }
  void onEnd(bot::Callback<void()> call) { onEnd_ = static_cast<bot::Callback<void()>&&>(call); }
  void onError(bot::Callback<void(int)> call) { onError_ = static_cast<bot::Callback<void(int)>&&>(call); }
  void onProgress(bot::Callback<void(int, int)> call) {
    onProgress_ = static_cast<bot::Callback<void(int, int)>&&>(call);
  }

  HTTPUpdateResult update(NetworkClient& client, const String& url, const String& currentVersion = "",
                          HTTPUpdateRequestCB requestCallback = nullptr);
  HTTPUpdateResult update(NetworkClient& client, const String& host, uint16_t port, const String& uri = "/",
                          const String& currentVersion = "", HTTPUpdateRequestCB requestCallback = nullptr);

  int getLastError() const { return lastError_; }
  String getLastErrorString() const;

 private:
  HTTPUpdateResult fetch(HTTPClient& http, const String& currentVersion, const HTTPUpdateRequestCB& requestCallback);
  HTTPUpdateResult install(HTTPClient& http);
  HTTPUpdateResult fail(int error);

  int timeout_ms_;
  bool reboot_ = true;
  int lastError_ = 0;
  bot::Callback<void()> onStart_;
  bot::Callback<void()> onEnd_;
  bot::Callback<void(int)> onError_;
  bot::Callback<void(int, int)> onProgress_;
};

extern HTTPUpdate httpUpdate;
