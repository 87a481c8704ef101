#include "network/HTTPUpdate.h"

#include "Arduino.h"

HTTPUpdate httpUpdate;

HTTPUpdateResult HTTPUpdate::update(NetworkClient& client, const String& url, const String& currentVersion,
                                    HTTPUpdateRequestCB requestCallback) {
  HTTPClient http;
  if (!http.begin(client, url)) return fail(HTTPC_ERROR_CONNECTION_REFUSED);
  return fetch(http, currentVersion, requestCallback);
}

HTTPUpdateResult HTTPUpdate::update(NetworkClient& client, const String& host, uint16_t port, const String& uri,
                                    const String& currentVersion, HTTPUpdateRequestCB requestCallback) {
  HTTPClient http;
  if (!http.begin(client, host, port, uri)) return fail(HTTPC_ERROR_CONNECTION_REFUSED);
  return fetch(http, currentVersion, requestCallback);
}

// Sends the same headers as Espressif's core, so that a server treats both alike.
HTTPUpdateResult HTTPUpdate::fetch(HTTPClient& http, const String& currentVersion,
                                   const HTTPUpdateRequestCB& requestCallback) {
  lastError_ = 0;
  http.setTimeout(static_cast<uint16_t>(timeout_ms_));
  http.setUserAgent("ESP32-http-Update");
  http.addHeader("Cache-Control", "no-cache");
  http.addHeader("x-ESP32-STA-MAC", bot::info("mac"));
  http.addHeader("x-ESP32-free-space", String(ESP.getFreeSketchSpace()));
  http.addHeader("x-ESP32-sketch-size", String(ESP.getSketchSize()));
  http.addHeader("x-ESP32-sketch-sha256", ESP.getSketchSHA256());
  http.addHeader("x-ESP32-mode", "sketch");
  if (!currentVersion.isEmpty()) http.addHeader("x-ESP32-version", currentVersion);
  requestCallback(&http);
  const int code = http.GET();
  if (code < 0) return fail(code);
  switch (code) {
    case HTTP_CODE_OK:
      return install(http);
    case HTTP_CODE_NOT_MODIFIED:
      return HTTP_UPDATE_NO_UPDATES;
    case HTTP_CODE_NOT_FOUND:
      return fail(HTTP_UE_SERVER_FILE_NOT_FOUND);
    case HTTP_CODE_FORBIDDEN:
      return fail(HTTP_UE_SERVER_FORBIDDEN);
    default:
      return fail(HTTP_UE_SERVER_WRONG_HTTP_CODE);
  }
}

HTTPUpdateResult HTTPUpdate::install(HTTPClient& http) {
  const int size = http.getSize();
  if (size <= 0) return fail(HTTP_UE_SERVER_NOT_REPORT_SIZE);
  onStart_();
  Update.onProgress([this](size_t done, size_t total) { onProgress_(done, total); });
  if (!Update.begin(size)) return fail(HTTP_UE_TOO_LESS_SPACE);
  const String md5 = http.header("x-MD5");
  if (!md5.isEmpty() && !Update.setMD5(md5.c_str())) return fail(HTTP_UE_SERVER_FAULTY_MD5);
  Update.writeStream(http.getStream());
  if (!Update.end()) {
    Update.abort();
    return fail(Update.getError() == UPDATE_ERROR_MAGIC_BYTE ? HTTP_UE_BIN_VERIFY_HEADER_FAILED : Update.getError());
  }
  http.end();
  onEnd_();
  if (reboot_) ESP.restart();
  return HTTP_UPDATE_OK;
}

HTTPUpdateResult HTTPUpdate::fail(int error) {
  lastError_ = error;
  if (Update.isRunning()) Update.abort();
  onError_(error);
  return HTTP_UPDATE_FAILED;
}

String HTTPUpdate::getLastErrorString() const {
  switch (lastError_) {
    case 0:
      return String();
    case HTTP_UE_TOO_LESS_SPACE:
      return "Not Enough space";
    case HTTP_UE_SERVER_NOT_REPORT_SIZE:
      return "Server Did Not Report Size";
    case HTTP_UE_SERVER_FILE_NOT_FOUND:
      return "File Not Found (404)";
    case HTTP_UE_SERVER_FORBIDDEN:
      return "Forbidden (403)";
    case HTTP_UE_SERVER_WRONG_HTTP_CODE:
      return "Wrong HTTP Code";
    case HTTP_UE_SERVER_FAULTY_MD5:
      return "Wrong MD5";
    case HTTP_UE_BIN_VERIFY_HEADER_FAILED:
      return "Verify Bin Header Failed";
    default:
      break;
  }
  return lastError_ > 0 ? String("Update error: ") + Update.errorString() : HTTPClient::errorToString(lastError_);
}
