#include "network/WiFiEvents.h"

#include "bot_host.h"
#include "network/WiFi.h"
#include "system/Ticker.h"

namespace {
constexpr uint32_t kLook_ms = 50;

struct Listening {
  Listening* next;
  wifi_event_id_t number;
  arduino_event_id_t event;
  bot::WiFiListener listener;
};

Listening* first = nullptr;
wifi_event_id_t lastNumber = 0;
bool isTelling = false;
bool wasStarted = false;
int lastStatus = WL_IDLE_STATUS;

Ticker& ticker() {
  static Ticker only;
  return only;
}

void tell(arduino_event_t event) {
  for (Listening *each = first, *next; each; each = next) {
    next = each->next;
    if (each->event == event.event_id || each->event == ARDUINO_EVENT_MAX) each->listener(&event);
  }
}

void tell(arduino_event_id_t id) {
  tell(arduino_event_t{id, {}});
}

uint8_t reasonOf(int status) {
  if (status == WL_NO_SSID_AVAIL) return WIFI_REASON_NO_AP_FOUND;
  if (status == WL_CONNECT_FAILED) return WIFI_REASON_AUTH_FAIL;
  return status == WL_CONNECTION_LOST ? WIFI_REASON_BEACON_TIMEOUT : WIFI_REASON_ASSOC_LEAVE;
}

void tellStatus(int status) {
  const bool wasConnected = lastStatus == WL_CONNECTED;
  const bool hasFailed = status == WL_NO_SSID_AVAIL || status == WL_CONNECT_FAILED || status == WL_CONNECTION_LOST;
  lastStatus = status;
  arduino_event_t event = {ARDUINO_EVENT_WIFI_STA_DISCONNECTED, {}};
  if (status == WL_CONNECTED) {
    tell(ARDUINO_EVENT_WIFI_STA_CONNECTED);
    event.event_id = ARDUINO_EVENT_WIFI_STA_GOT_IP;
    event.event_info.got_ip.ip_info.ip.addr = WiFi.localIP();
    tell(event);
  } else if (wasConnected || hasFailed) {
    event.event_info.wifi_sta_disconnected.reason = reasonOf(status);
    tell(event);
  }
}

void look(arduino_event_id_t happened) {
  // A listener may ask for the status, which looks again.
  if (isTelling) return;
  isTelling = true;
  const bool isStarted = WiFi.getMode() != WIFI_OFF;
  if (isStarted && !wasStarted) tell(ARDUINO_EVENT_WIFI_STA_START);
  const int status = isStarted ? bot::host::bot_wifi_status() : static_cast<int>(WL_DISCONNECTED);
  if (status != lastStatus) tellStatus(status);
  if (!isStarted && wasStarted) tell(ARDUINO_EVENT_WIFI_STA_STOP);
  wasStarted = isStarted;
  if (happened != ARDUINO_EVENT_NONE) tell(happened);
  isTelling = false;
}
}  // namespace

void (*bot::tellWiFiEvents)(arduino_event_id_t) = nullptr;

wifi_event_id_t bot::addWiFiListener(WiFiListener listener, arduino_event_id_t event) {
  Listening** end = &first;
  while (*end) end = &(*end)->next;
  *end = new Listening{nullptr, ++lastNumber, event, static_cast<WiFiListener&&>(listener)};
  tellWiFiEvents = look;
  if (!ticker().active()) ticker().attach_ms(kLook_ms, [] { look(ARDUINO_EVENT_NONE); });
  return lastNumber;
}

void bot::removeWiFiListener(wifi_event_id_t number) {
  for (Listening** link = &first; *link; link = &(*link)->next) {
    if ((*link)->number != number) continue;
    Listening* const gone = *link;
    // A listener that removes itself is still running; it stays in the list and hears nothing more.
    gone->event = ARDUINO_EVENT_NONE;
    if (isTelling) return;
    *link = gone->next;
    delete gone;
    return;
  }
}
