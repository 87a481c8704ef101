// WiFiScan: list the Wi-Fi networks around the bot, every ten seconds.
//
// Signal strength is in dBm: -30 next to the router, -90 barely usable.

#include <WiFi.h>

void setup() {
  Serial.begin(115200);
  WiFi.mode(WIFI_STA);
}

void loop() {
  Serial.println("Scanning ...");
  const int found = WiFi.scanNetworks();
  if (found <= 0) Serial.println("No networks found.");
  for (int index = 0; index < found; index++) {
    const bool isOpen = WiFi.encryptionType(index) == WIFI_AUTH_OPEN;
    Serial.printf("%4d dBm  channel %2d  %s  %s\n", static_cast<int>(WiFi.RSSI(index)),
                  static_cast<int>(WiFi.channel(index)), isOpen ? "open  " : "locked", WiFi.SSID(index).c_str());
  }
  WiFi.scanDelete();
  delay(10000);
}
