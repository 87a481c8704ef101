// HTTP and HTTPS of an ESP32, through ESP-IDF's `esp_http_client`.
//
// Over https the server's certificate must be signed by, or identical to, the certificate (PEM) in the store. Without
// one https fails: there is no insecure mode.
#pragma once

#include <esp_http_client.h>
#include <nvs.h>
#include <stdlib.h>
#include <strings.h>

#include "../../core/StoreKeys.h"
#include "../../core/Text.h"
#include "../Transport.h"
#include "Esp32Store.h"

namespace airsketch {

class Esp32Transport final : public Transport {
 public:
  int32_t open(const HttpRequest& request, HttpAnswer* answer) override {
    close();
    answer_ = answer;
    const bool isTls = !strncmp(request.server, "https:", 6);
    if (isTls && !hasCertificate()) return kFailed;
    Text<256> url(request.server);
    url.add(request.path);
    if (!url.fits() || !createClient(url.c_str(), request)) return kNoMemory;
    for (size_t at = 0; at < request.headerCount; at++)
      esp_http_client_set_header(client_, request.headers[at].name, request.headers[at].value);
    const int size = static_cast<int>(request.bodySize);
    if (esp_http_client_open(client_, size) != ESP_OK) return kFailed;
    if (size > 0 && esp_http_client_write(client_, static_cast<const char*>(request.body), size) != size)
      return kFailed;
    if (esp_http_client_fetch_headers(client_) < 0) return kFailed;
    answer_ = nullptr;
    answer->status = esp_http_client_get_status_code(client_);
    const bool isChunked = esp_http_client_is_chunked_response(client_);
    answer->size_bytes = isChunked ? -1 : esp_http_client_get_content_length(client_);
    return 0;
  }

  int32_t read(void* out, size_t capacity) override {
    if (!client_) return kFailed;
    const int count = esp_http_client_read(client_, static_cast<char*>(out), static_cast<int>(capacity));
    if (count > 0) return count;
    return count == 0 && esp_http_client_is_complete_data_received(client_) ? 0 : kFailed;
  }

  void close() override {
    if (!client_) return;
    esp_http_client_close(client_);
    esp_http_client_cleanup(client_);
    client_ = nullptr;
  }

 private:
  // Request line and headers of a signed call take about 600 bytes.
  static constexpr int kHeaderBytes = 1024;

  bool createClient(const char* url, const HttpRequest& request) {
    esp_http_client_config_t config = {};
    config.url = url;
    config.cert_pem = certificate_;
    config.method = request.method[0] == 'G' ? HTTP_METHOD_GET : HTTP_METHOD_POST;
    config.timeout_ms = static_cast<int>(request.timeout_ms);
    config.disable_auto_redirect = true;
    config.event_handler = onEvent;
    config.user_data = this;
    config.buffer_size = kHeaderBytes;
    config.buffer_size_tx = kHeaderBytes;
    client_ = esp_http_client_init(&config);
    return client_ != nullptr;
  }

  static esp_err_t onEvent(esp_http_client_event_t* event) {
    HttpAnswer* const answer = static_cast<Esp32Transport*>(event->user_data)->answer_;
    if (event->event_id != HTTP_EVENT_ON_HEADER || !answer) return ESP_OK;
    if (!strcasecmp(event->header_key, "X-Server-Signature"))
      keep(event->header_value, answer->serverSignature, sizeof answer->serverSignature);
    if (!strcasecmp(event->header_key, "Content-Range"))
      keep(event->header_value, answer->contentRange, sizeof answer->contentRange);
    return ESP_OK;
  }

  static void keep(const char* value, char* out, size_t capacity) {
    const size_t size = strlen(value);
    if (size < capacity) memcpy(out, value, size + 1);
  }

  // Read once and kept: the client refers to it as long as a connection exists.
  bool hasCertificate() {
    if (certificate_) return true;
    nvs_handle_t handle;
    size_t size = 0;  // including the terminating zero
    if (nvs_open(kNvsNamespace, NVS_READONLY, &handle) != ESP_OK) return false;
    if (nvs_get_str(handle, keys::kCa, nullptr, &size) == ESP_OK && size > 1) {
      char* const text = static_cast<char*>(malloc(size));
      if (text && nvs_get_str(handle, keys::kCa, text, &size) == ESP_OK)
        certificate_ = text;
      else
        free(text);
    }
    nvs_close(handle);
    return certificate_ != nullptr;
  }

  esp_http_client_handle_t client_ = nullptr;
  HttpAnswer* answer_ = nullptr;
  const char* certificate_ = nullptr;
};

}  // namespace airsketch
