#include "network/WiFi.h"

#include <stdlib.h>

#include "Arduino.h"
#include "bot_host.h"

using namespace bot::host;

WiFiClass WiFi;

namespace {
constexpr int kScanTextBytes = 4096;
constexpr unsigned long kConnectPoll_ms = 50;
constexpr int kMaxSsidBytes = 32;      // IEEE 802.11
constexpr int kMaxPasswordBytes = 64;  // 63 characters, or 64 hex digits of a key
}  // namespace

bool WiFiClass::mode(wifi_mode_t mode) {
  mode_ = mode;
  if (mode == WIFI_OFF) bot_wifi_end();
  tellEvents();
  return mode == WIFI_OFF || mode == WIFI_STA;
}

wl_status_t WiFiClass::begin(const char* ssid, const char* password) {
  ssid_ = ssid;
  password_ = password;
  if (ssid_.length() > kMaxSsidBytes || password_.length() > kMaxPasswordBytes) return WL_CONNECT_FAILED;
  mode_ = WIFI_STA;
  tellEvents();
  bot_wifi_begin(ssid_.c_str(), ssid_.length(), password_.c_str(), password_.length());
  return status();
}

bool WiFiClass::disconnect(bool wifiOff, bool) {
  bot_wifi_end();
  if (wifiOff) mode_ = WIFI_OFF;
  tellEvents();
  return true;
}

bool WiFiClass::reconnect() {
  bot_wifi_begin(ssid_.c_str(), ssid_.length(), password_.c_str(), password_.length());
  return true;
}

wl_status_t WiFiClass::status() {
  notePolling();
  tellEvents();
  return mode_ == WIFI_OFF ? WL_STOPPED : static_cast<wl_status_t>(bot_wifi_status());
}

uint8_t WiFiClass::waitForConnectResult(unsigned long timeout_ms) {
  const unsigned long start_ms = millis();
  while (!isConnected() && millis() - start_ms < timeout_ms) delay(kConnectPoll_ms);
  return status();
}

IPAddress WiFiClass::localIP() {
  IPAddress address;
  if (isConnected()) address.fromString(bot::info("ip"));
  return address;
}

IPAddress WiFiClass::gatewayIP() {
  IPAddress address = localIP();
  if (address != IPAddress()) address[3] = 1;
  return address;
}

String WiFiClass::macAddress() {
  return bot::info("mac");
}

String WiFiClass::SSID() {
  return isConnected() ? bot::info("ssid") : String();
}

int8_t WiFiClass::RSSI() {
  return isConnected() ? static_cast<int8_t>(bot_wifi_rssi()) : 0;
}

bool WiFiClass::setHostname(const char* name) {
  hostname_ = name;
  return true;
}

int16_t WiFiClass::scanNetworks(bool, bool) {
  scanDelete();
  char* text = static_cast<char*>(malloc(kScanTextBytes));
  if (!text) return WIFI_SCAN_FAILED;
  const int size = bot_wifi_scan(text, kScanTextBytes);
  if (size >= 0 && size <= kScanTextBytes) {
    scan_ = String(text, size);
    found_ = 0;
    for (const char character : scan_) found_ += character == '\n';
  }
  free(text);
  tellEvents(ARDUINO_EVENT_WIFI_SCAN_DONE);
  return found_;
}

void WiFiClass::scanDelete() {
  scan_.clear();
  found_ = WIFI_SCAN_FAILED;
}

// The fields of one line of the scan: RSSI, channel, encryption, SSID (last, because it may contain anything).
String WiFiClass::scanField(uint8_t index, int field) const {
  size_t from = 0;
  for (int line = 0; line < index; line++) {
    const int end = scan_.indexOf('\n', from);
    if (end < 0) return String();
    from = end + 1;
  }
  const int lineEnd = scan_.indexOf('\n', from);
  for (int skipped = 0; skipped < field; skipped++) from = scan_.indexOf('\t', from) + 1;
  const int fieldEnd = field == 3 ? lineEnd : scan_.indexOf('\t', from);
  return lineEnd < 0 || fieldEnd < 0 ? String() : scan_.substring(from, fieldEnd);
}
