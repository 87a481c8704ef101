// MyOwnWiFi: a sketch that joins a network by itself. The agent uses it too; if it fails, the agent falls back to the
// networks that it has stored.
#include <AirsketchBot.h>
#include <WiFi.h>

const char* const ssid = "my network";
const char* const password = "my password";

void setup() {
  Serial.begin(115200);
  WiFi.begin(ssid, password);
}

void loop() {
  Serial.printf("%s, agent: %s %s\n", WiFi.status() == WL_CONNECTED ? "connected" : "not connected",
                AirsketchBot::toString(AirsketchBot::state()), AirsketchBot::lastTrouble());
  delay(5000);
}
