#include "network/WiFiEvents.h"

#include "bot_host.h"
#include "network/WiFi.h"
#include "system/Ticker.h"

namespace {
constexpr uint32_t kPoll_ms = 50;

struct Listener {
  Listener* next;
  wifi_event_id_t number;
  arduino_event_id_t event;
  bot::WiFiListener listener;
};

Listener* first = nullptr;
wifi_event_id_t lastNumber = 0;
bool isNotifying = false;
bool wasStarted = false;
int lastStatus = WL_IDLE_STATUS;

Ticker& ticker() {
  static Ticker instance;
  return instance;
}

void notify(arduino_event_t event) {
  for (Listener *each = first, *next; each; each = next) {
    next = each->next;
    if (each->event == event.event_id || each->event == ARDUINO_EVENT_MAX) each->listener(&event);
  }
}

void notify(arduino_event_id_t id) {
  notify(arduino_event_t{id, {}});
}

uint8_t reasonOf(int status) {
  if (status == WL_NO_SSID_AVAIL) return WIFI_REASON_NO_AP_FOUND;
  if (status == WL_CONNECT_FAILED) return WIFI_REASON_AUTH_FAIL;
  return status == WL_CONNECTION_LOST ? WIFI_REASON_BEACON_TIMEOUT : WIFI_REASON_ASSOC_LEAVE;
}

void notifyStatus(int status) {
  const bool wasConnected = lastStatus == WL_CONNECTED;
  const bool hasFailed = status == WL_NO_SSID_AVAIL || status == WL_CONNECT_FAILED || status == WL_CONNECTION_LOST;
  lastStatus = status;
  arduino_event_t event = {ARDUINO_EVENT_WIFI_STA_DISCONNECTED, {}};
  if (status == WL_CONNECTED) {
    notify(ARDUINO_EVENT_WIFI_STA_CONNECTED);
    event.event_id = ARDUINO_EVENT_WIFI_STA_GOT_IP;
    event.event_info.got_ip.ip_info.ip.addr = WiFi.localIP();
    notify(event);
  } else if (wasConnected || hasFailed) {
    event.event_info.wifi_sta_disconnected.reason = reasonOf(status);
    notify(event);
  }
}

void pollEvents(arduino_event_id_t happened) {
  // A listener may ask for the status, which polls again.
  if (isNotifying) return;
  isNotifying = true;
  const bool isStarted = WiFi.getMode() != WIFI_OFF;
  if (isStarted && !wasStarted) notify(ARDUINO_EVENT_WIFI_STA_START);
  const int status = isStarted ? bot::host::bot_wifi_status() : static_cast<int>(WL_DISCONNECTED);
  if (status != lastStatus) notifyStatus(status);
  if (!isStarted && wasStarted) notify(ARDUINO_EVENT_WIFI_STA_STOP);
  wasStarted = isStarted;
  if (happened != ARDUINO_EVENT_NONE) notify(happened);
  isNotifying = false;
}
}  // namespace

void (*bot::pollWiFiEvents)(arduino_event_id_t) = nullptr;

wifi_event_id_t bot::addWiFiListener(WiFiListener listener, arduino_event_id_t event) {
  Listener** end = &first;
  while (*end) end = &(*end)->next;
  *end = new Listener{nullptr, ++lastNumber, event, static_cast<WiFiListener&&>(listener)};
  pollWiFiEvents = pollEvents;
  if (!ticker().active()) ticker().attach_ms(kPoll_ms, [] { pollEvents(ARDUINO_EVENT_NONE); });
  return lastNumber;
}

void bot::removeWiFiListener(wifi_event_id_t number) {
  for (Listener** link = &first; *link; link = &(*link)->next) {
    if ((*link)->number != number) continue;
    Listener* const gone = *link;
    // A listener that removes itself is still running; it stays in the list and is not called again.
    gone->event = ARDUINO_EVENT_NONE;
    if (isNotifying) return;
    *link = gone->next;
    delete gone;
    return;
  }
}
