// Wi-Fi as a station: joins and scans for networks.
#pragma once

#include "IPAddress.h"
#include "WString.h"
#include "network/NetworkClient.h"
#include "network/WiFiEvents.h"

typedef enum {
  WL_IDLE_STATUS = 0,
  WL_NO_SSID_AVAIL = 1,
  WL_SCAN_COMPLETED = 2,
  WL_CONNECTED = 3,
  WL_CONNECT_FAILED = 4,
  WL_CONNECTION_LOST = 5,
  WL_DISCONNECTED = 6,
  WL_STOPPED = 254,
  WL_NO_SHIELD = 255,
} wl_status_t;

typedef enum { WIFI_OFF, WIFI_STA, WIFI_AP, WIFI_AP_STA, WIFI_MODE_NULL = 0, WIFI_MODE_STA = 1 } wifi_mode_t;

typedef enum {
  WIFI_AUTH_OPEN,
  WIFI_AUTH_WEP,
  WIFI_AUTH_WPA_PSK,
  WIFI_AUTH_WPA2_PSK,
  WIFI_AUTH_WPA_WPA2_PSK,
  WIFI_AUTH_WPA2_ENTERPRISE,
  WIFI_AUTH_WPA3_PSK,
} wifi_auth_mode_t;

#define WIFI_SCAN_RUNNING (-1)
#define WIFI_SCAN_FAILED (-2)

class WiFiClass {
 public:
  bool mode(wifi_mode_t mode);
  wifi_mode_t getMode() const { return mode_; }

  // Without an SSID the bot joins the network it was set up for.
  wl_status_t begin() { return begin("", ""); }
  wl_status_t begin(const char* ssid, const char* password = nullptr);
  wl_status_t begin(const String& ssid, const String& password) { return begin(ssid.c_str(), password.c_str()); }
  bool disconnect(bool wifiOff = false, bool eraseCredentials = false);
  bool reconnect();
  wl_status_t status();
  bool isConnected() { return status() == WL_CONNECTED; }
  uint8_t waitForConnectResult(unsigned long timeout_ms = 60000);

  IPAddress localIP();
  IPAddress gatewayIP();
  IPAddress subnetMask() { return isConnected() ? IPAddress(255, 255, 255, 0) : IPAddress(); }
  IPAddress dnsIP(uint8_t = 0) { return gatewayIP(); }
  String macAddress();
  String SSID();
  int8_t RSSI();
  String BSSIDstr() { return macAddress(); }
  int32_t channel() { return 1; }

  bool setHostname(const char* name);
  const char* getHostname() { return hostname_.c_str(); }
  bool setAutoReconnect(bool) { return true; }
  void persistent(bool) {}
  bool setSleep(bool) { return true; }

  // Returns the number of networks found, or WIFI_SCAN_FAILED.
  int16_t scanNetworks(bool async = false, bool showHidden = false);
  int16_t scanComplete() const { return found_; }
  void scanDelete();
  String SSID(uint8_t index) { return scanField(index, 3); }
  int32_t RSSI(uint8_t index) { return scanField(index, 0).toInt(); }
  int32_t channel(uint8_t index) { return scanField(index, 1).toInt(); }
  wifi_auth_mode_t encryptionType(uint8_t index) { return static_cast<wifi_auth_mode_t>(scanField(index, 2).toInt()); }

  // Registers a callback for one event, or for all. Callbacks run while the sketch is inside delay() or asks for the
  // status, and between two calls of loop().
  template <typename Function>
  auto onEvent(Function call, arduino_event_id_t event = ARDUINO_EVENT_MAX)
      -> decltype(call(event), wifi_event_id_t()) {
    return bot::addWiFiListener([call](arduino_event_t* happened) { call(happened->event_id); }, event);
  }
  template <typename Function>
  auto onEvent(Function call, arduino_event_id_t event = ARDUINO_EVENT_MAX)
      -> decltype(call(event, arduino_event_info_t()), wifi_event_id_t()) {
    return bot::addWiFiListener([call](arduino_event_t* happened) { call(happened->event_id, happened->event_info); },
                                event);
  }
  template <typename Function>
  auto onEvent(Function call, arduino_event_id_t event = ARDUINO_EVENT_MAX)
      -> decltype(call(static_cast<arduino_event_t*>(nullptr)), wifi_event_id_t()) {
    return bot::addWiFiListener(call, event);
  }
  void removeEvent(wifi_event_id_t number) { bot::removeWiFiListener(number); }

 private:
  void tellEvents(arduino_event_id_t happened = ARDUINO_EVENT_NONE) {
    if (bot::pollWiFiEvents) bot::pollWiFiEvents(happened);
  }
  String scanField(uint8_t index, int field) const;

  wifi_mode_t mode_ = WIFI_OFF;
  String ssid_;
  String password_;
  String hostname_ = "airsketch-bot";
  String scan_;
  int16_t found_ = WIFI_SCAN_FAILED;
};

extern WiFiClass WiFi;
