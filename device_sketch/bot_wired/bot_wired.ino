// The first sketch of a bot, flashed once over USB. From then on new sketches come over the air.
//
// The agent in the library does the work: it joins the Wi-Fi network that the first flash has stored, checks in with
// the server and installs updates; a press of the trigger button (BOOT) makes it check in at once. This sketch only
// shows its state with the LED and on the serial port.

#include <AirsketchBot.h>

#ifndef LED_BUILTIN
#define LED_BUILTIN 2
#endif

AirsketchBot::State shown = AirsketchBot::State::kRestarting;

void setup() {
  Serial.begin(115200);
  pinMode(LED_BUILTIN, OUTPUT);
  AirsketchBot::onError(
      [](AirsketchBot::OtaError error) { Serial.printf("Update failed: %s\n", AirsketchBot::toString(error)); });
  if (AirsketchBot::state() == AirsketchBot::State::kManual)
    Serial.println("This bot is not set up yet: it has no server, product id and key stored.");
}

void loop() {
  const AirsketchBot::State now = AirsketchBot::state();
  if (now != shown) Serial.printf("%s %s\n", AirsketchBot::toString(now), AirsketchBot::lastTrouble());
  shown = now;
  // Slow while waiting, fast while downloading.
  const unsigned long half_ms = now == AirsketchBot::State::kDownloading ? 100 : 1000;
  digitalWrite(LED_BUILTIN, millis() / half_ms % 2 == 0 ? HIGH : LOW);
  delay(20);
}
