// Wi-Fi events for callbacks of the sketch.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "network/Callback.h"

typedef enum {
  ARDUINO_EVENT_NONE,
  ARDUINO_EVENT_WIFI_READY,
  ARDUINO_EVENT_WIFI_SCAN_DONE,
  ARDUINO_EVENT_WIFI_STA_START,
  ARDUINO_EVENT_WIFI_STA_STOP,
  ARDUINO_EVENT_WIFI_STA_CONNECTED,
  ARDUINO_EVENT_WIFI_STA_DISCONNECTED,
  ARDUINO_EVENT_WIFI_STA_AUTHMODE_CHANGE,
  ARDUINO_EVENT_WIFI_STA_GOT_IP,
  ARDUINO_EVENT_WIFI_STA_GOT_IP6,
  ARDUINO_EVENT_WIFI_STA_LOST_IP,
  ARDUINO_EVENT_MAX,
} arduino_event_id_t;

typedef enum {
  WIFI_REASON_UNSPECIFIED = 1,
  WIFI_REASON_ASSOC_LEAVE = 8,
  WIFI_REASON_BEACON_TIMEOUT = 200,
  WIFI_REASON_NO_AP_FOUND = 201,
  WIFI_REASON_AUTH_FAIL = 202,
} wifi_err_reason_t;

typedef struct {
  struct {
    uint8_t reason;  // a wifi_err_reason_t
  } wifi_sta_disconnected;
  struct {
    struct {
      struct {
        uint32_t addr;
      } ip;
    } ip_info;
  } got_ip;
} arduino_event_info_t;

typedef struct {
  arduino_event_id_t event_id;
  arduino_event_info_t event_info;
} arduino_event_t;

typedef arduino_event_id_t WiFiEvent_t;
typedef arduino_event_info_t WiFiEventInfo_t;
typedef size_t wifi_event_id_t;

namespace bot {

using WiFiListener = Callback<void(arduino_event_t*)>;

// Adds a listener for one event, or for all with ARDUINO_EVENT_MAX. Returns its number, starting with 1.
wifi_event_id_t addWiFiListener(WiFiListener listener, arduino_event_id_t event);
void removeWiFiListener(wifi_event_id_t number);

// Notifies listeners of what has changed, then of `happened` unless it is ARDUINO_EVENT_NONE. Null until the first
// listener is added, so that a sketch without one contains none of this.
extern void (*pollWiFiEvents)(arduino_event_id_t happened);

}  // namespace bot
