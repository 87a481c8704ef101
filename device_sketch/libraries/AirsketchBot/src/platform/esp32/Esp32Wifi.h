// The Wi-Fi station of an ESP32, shared with the sketch.
//
// The station and the default event loop exist once in a program. In a sketch that carries the core's WiFi library the
// agent lets that library start the station (its own bookkeeping stays right, and a later `WiFi.begin` finds what it
// expects), and first leaves the sketch a few seconds to do so itself. In all other sketches the agent starts it
// through ESP-IDF alone. Nothing is ever shut down.
#pragma once

#include <esp_event.h>
#include <esp_netif.h>
#include <esp_timer.h>
#include <esp_wifi.h>
#include <string.h>

#include "../Wifi.h"

// `WiFiGenericClass::mode(wifi_mode_t)` of the core's WiFi library (2.0 and 3.x). Null if the sketch does not include
// that library; its header would slow down every build by several seconds.
extern "C" bool airsketchCoreWifiMode(wifi_mode_t mode) __asm__("_ZN16WiFiGenericClass4modeE11wifi_mode_t")
    __attribute__((weak));

namespace airsketch {

class Esp32Wifi final : public Wifi {
 public:
  Link link() override {
    if (isUp("WIFI_STA_DEF") || isUp("ETH_DEF")) return Link::kUp;
    return airsketchCoreWifiMode && !isStarted_ && isSketchJoining() ? Link::kJoining : Link::kDown;
  }

  NetworkError joinError() override {
    if (isAssociated_) {
      const bool hasTimedOut = esp_timer_get_time() - associated_us_ > kAddressLimit_us;
      return hasTimedOut ? NetworkError::kNoAddress : NetworkError::kNone;
    }
    if (refusals_ < kMaxRefusals) return NetworkError::kNone;
    return isAboutPassword(reason_) ? NetworkError::kWrongPassword : NetworkError::kNoSuchNetwork;
  }

  void join(const char* ssid, const char* password) override {
    if (!isStarted_) isStarted_ = startStation();
    isJoining_ = false;
    esp_wifi_disconnect();
    wifi_config_t config = {};
    memcpy(config.sta.ssid, ssid, strnlen(ssid, sizeof config.sta.ssid));
    memcpy(config.sta.password, password, strnlen(password, sizeof config.sta.password));
    config.sta.scan_method = WIFI_ALL_CHANNEL_SCAN;  // finds the strongest access point, and hidden networks
    config.sta.sort_method = WIFI_CONNECT_AP_BY_SIGNAL;
    config.sta.threshold.authmode = *password ? WIFI_AUTH_WPA_PSK : WIFI_AUTH_OPEN;
    config.sta.pmf_cfg.capable = true;
    refusals_ = 0;
    isAssociated_ = false;
    isJoining_ = esp_wifi_set_config(WIFI_IF_STA, &config) == ESP_OK;
    if (isJoining_) esp_wifi_connect();
  }

  bool hasOwnNetwork() override { return false; }

  int32_t rssi_dbm() override {
    wifi_ap_record_t access;
    return esp_wifi_sta_get_ap_info(&access) == ESP_OK ? access.rssi : 0;
  }

 private:
  static constexpr int64_t kSketchFirst_us = 5000000;    // `setup()` of most sketches has called `WiFi.begin` by then
  static constexpr int64_t kAddressLimit_us = 15000000;  // a DHCP server answers in 1 to 5 s
  static constexpr uint8_t kMaxRefusals = 2;             // the first join after a reset fails now and then

  // An access point does not report a wrong password; it stops answering at one of these steps.
  static bool isAboutPassword(uint8_t reason) {
    return reason == WIFI_REASON_AUTH_EXPIRE || reason == WIFI_REASON_MIC_FAILURE ||
           reason == WIFI_REASON_4WAY_HANDSHAKE_TIMEOUT || reason == WIFI_REASON_HANDSHAKE_TIMEOUT ||
           reason == WIFI_REASON_AUTH_FAIL;
  }

  static bool isUp(const char* key) {
    esp_netif_t* const netif = esp_netif_get_handle_from_ifkey(key);
    esp_netif_ip_info_t address = {};
    if (!netif || !esp_netif_is_netif_up(netif)) return false;
    return esp_netif_get_ip_info(netif, &address) == ESP_OK && address.ip.addr != 0;
  }

  // True in the first seconds, and later if the sketch has started the station itself; the caller sets the time limit.
  static bool isSketchJoining() {
    wifi_mode_t mode = WIFI_MODE_NULL;
    if (esp_timer_get_time() < kSketchFirst_us) return true;
    return esp_wifi_get_mode(&mode) == ESP_OK && (mode == WIFI_MODE_STA || mode == WIFI_MODE_APSTA);
  }

  bool startStation() {
    wifi_mode_t mode = WIFI_MODE_NULL;
    const bool isInitialised = esp_wifi_get_mode(&mode) == ESP_OK;
    const wifi_mode_t wanted = mode == WIFI_MODE_AP || mode == WIFI_MODE_APSTA ? WIFI_MODE_APSTA : WIFI_MODE_STA;
    const bool done = airsketchCoreWifiMode ? airsketchCoreWifiMode(wanted) : startStationAlone(isInitialised, wanted);
    if (!done || isListening_) return done;
    esp_event_handler_register(WIFI_EVENT, WIFI_EVENT_STA_CONNECTED, onEvent, this);
    esp_event_handler_register(WIFI_EVENT, WIFI_EVENT_STA_DISCONNECTED, onEvent, this);
    return isListening_ = true;
  }

  static bool startStationAlone(bool isInitialised, wifi_mode_t mode) {
    if (esp_netif_init() != ESP_OK) return false;
    const esp_err_t loop = esp_event_loop_create_default();
    if (loop != ESP_OK && loop != ESP_ERR_INVALID_STATE) return false;  // the latter: it exists already
    if (!esp_netif_get_handle_from_ifkey("WIFI_STA_DEF") && !esp_netif_create_default_wifi_sta()) return false;
    if (!isInitialised) {
      wifi_init_config_t config = WIFI_INIT_CONFIG_DEFAULT();
      config.nvs_enable = 0;  // the agent's store keeps the networks
      if (esp_wifi_init(&config) != ESP_OK || esp_wifi_set_storage(WIFI_STORAGE_RAM) != ESP_OK) return false;
    }
    return esp_wifi_set_mode(mode) == ESP_OK && esp_wifi_start() == ESP_OK;
  }

  // Runs in the task of the event loop.
  static void onEvent(void* self, esp_event_base_t, int32_t event, void* data) {
    Esp32Wifi* const wifi = static_cast<Esp32Wifi*>(self);
    wifi->isAssociated_ = event == WIFI_EVENT_STA_CONNECTED;
    if (wifi->isAssociated_) {
      wifi->associated_us_ = esp_timer_get_time();
      wifi->refusals_ = 0;
      return;
    }
    wifi->reason_ = static_cast<wifi_event_sta_disconnected_t*>(data)->reason;
    if (!wifi->isJoining_ || wifi->reason_ == WIFI_REASON_ASSOC_LEAVE) return;
    if (wifi->refusals_ < kMaxRefusals) wifi->refusals_ = wifi->refusals_ + 1;
    if (wifi->refusals_ < kMaxRefusals) esp_wifi_connect();
  }

  bool isStarted_ = false;
  bool isListening_ = false;
  volatile bool isJoining_ = false;
  volatile bool isAssociated_ = false;
  volatile uint8_t refusals_ = 0;
  volatile uint8_t reason_ = 0;
  volatile int64_t associated_us_ = 0;
};

}  // namespace airsketch
