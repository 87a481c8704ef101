// The first sketch of a bot, flashed once over a cable. From then on new sketches come over the air.
//
// Press the trigger button (BOOT, GPIO0): the bot joins its Wi-Fi and asks its server for the sketch that was last sent
// to it. When there is one, it is written to the spare slot and started; when not, this sketch goes on.
//
// The bot reads everything it needs from its own memory (NVS, name space "airsketch"), where the set-up page puts it:
// ssid, pass, server (for example http://192.168.1.20:8000), product_id, device_key (64 hex digits).

#include <HTTPClient.h>
#include <HTTPUpdate.h>
#include <Preferences.h>
#include <WiFi.h>

#ifndef LED_BUILTIN
#define LED_BUILTIN 2
#endif

const uint8_t triggerPin = 0;
const unsigned long debounce_ms = 40;      // Contacts of a push button settle within about 10 ms.
const unsigned long joinLimit_ms = 20000;  // A home router answers in 2 to 8 s.

struct Identity {
  String ssid;
  String password;
  String server;
  String productId;
  String deviceKey;
};

Identity identity;

bool readIdentity() {
  Preferences memory;
  if (!memory.begin("airsketch", true)) return false;
  identity.ssid = memory.getString("ssid", "");
  identity.password = memory.getString("pass", "");
  identity.server = memory.getString("server", "");
  identity.productId = memory.getString("product_id", "");
  identity.deviceKey = memory.getString("device_key", "");
  memory.end();
  return identity.ssid.length() > 0 && identity.server.length() > 0 && identity.productId.length() > 0;
}

// True once per press: the level must stay the same for `debounce_ms` before it counts.
bool triggerWasPressed() {
  static int steadyLevel = HIGH;
  static int lastLevel = HIGH;
  static unsigned long lastChange_ms = 0;
  const int level = digitalRead(triggerPin);
  if (level != lastLevel) {
    lastLevel = level;
    lastChange_ms = millis();
  }
  if (level == steadyLevel || millis() - lastChange_ms < debounce_ms) return false;
  steadyLevel = level;
  return level == LOW;
}

bool joinWiFi() {
  if (WiFi.status() == WL_CONNECTED) return true;
  Serial.printf("Joining Wi-Fi \"%s\" ...\n", identity.ssid.c_str());
  WiFi.mode(WIFI_STA);
  WiFi.begin(identity.ssid.c_str(), identity.password.c_str());
  const unsigned long start_ms = millis();
  while (WiFi.status() != WL_CONNECTED) {
    if (millis() - start_ms > joinLimit_ms) return false;
    delay(100);
  }
  Serial.print("Joined. My address is ");
  Serial.println(WiFi.localIP());
  return true;
}

void signIn(HTTPClient* request) {
  request->setAuthorization(identity.productId.c_str(), identity.deviceKey.c_str());
}

// Returns only when no new sketch was started.
void fetchSketch() {
  const String link = identity.server + "/" + identity.productId + ".ino.bin";
  Serial.print("Fetching ");
  Serial.println(link);
  WiFiClient connection;
  switch (httpUpdate.update(connection, link, "", signIn)) {
    case HTTP_UPDATE_NO_UPDATES:
      Serial.println("Nothing new.");
      break;
    case HTTP_UPDATE_OK:
      Serial.println("Done, restarting.");
      break;
    default:
      Serial.printf("No update: %s (%d)\n", httpUpdate.getLastErrorString().c_str(), httpUpdate.getLastError());
  }
}

void setup() {
  Serial.begin(115200);
  pinMode(LED_BUILTIN, OUTPUT);
  pinMode(triggerPin, INPUT_PULLUP);
  if (readIdentity())
    Serial.printf("I am %s. Press the trigger button to fetch a sketch.\n", identity.productId.c_str());
  else
    Serial.println("This bot is not set up yet: its memory holds no Wi-Fi name, server and product id.");
}

void loop() {
  if (triggerWasPressed() && readIdentity()) {
    digitalWrite(LED_BUILTIN, HIGH);
    if (joinWiFi())
      fetchSketch();
    else
      Serial.println("Could not join the Wi-Fi. Check its name and password.");
    digitalWrite(LED_BUILTIN, LOW);
  }
  delay(5);
}
