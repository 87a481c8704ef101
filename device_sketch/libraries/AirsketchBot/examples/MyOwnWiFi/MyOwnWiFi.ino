// MyOwnWiFi: a sketch that joins a network by itself. The agent uses it too; when it does not work, the agent comes
// back on the networks it knows.
#include <AirsketchBot.h>
#include <WiFi.h>

const char* const ssid = "my network";
const char* const password = "my password";

void setup() {
  Serial.begin(115200);
  WiFi.begin(ssid, password);
}

void loop() {
  Serial.printf("%s, agent: %s %s\n", WiFi.status() == WL_CONNECTED ? "joined" : "not joined",
                AirsketchBot::toString(AirsketchBot::state()), AirsketchBot::lastTrouble());
  delay(5000);
}
