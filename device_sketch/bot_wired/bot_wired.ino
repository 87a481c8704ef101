// The first sketch of a bot, flashed once over a cable. From then on new sketches come over the air.
//
// The agent in the library does the work: it joins the Wi-Fi that the first flash wrote into the bot's memory, checks
// in with the server, and takes what is sent to the bot; a press of the trigger button (BOOT) makes it ask at once.
// This sketch only shows on the lamp and the serial console what happens.

#include <AirsketchBot.h>

#ifndef LED_BUILTIN
#define LED_BUILTIN 2
#endif

AirsketchBot::State shown = AirsketchBot::State::kRestarting;

void setup() {
  Serial.begin(115200);
  pinMode(LED_BUILTIN, OUTPUT);
  AirsketchBot::onError(
      [](AirsketchBot::OtaError error) { Serial.printf("The update failed: %s\n", AirsketchBot::toString(error)); });
  if (AirsketchBot::state() == AirsketchBot::State::kManual)
    Serial.println("This bot is not set up yet: its memory holds no server, product id and key.");
}

void loop() {
  const AirsketchBot::State now = AirsketchBot::state();
  if (now != shown) Serial.printf("%s %s\n", AirsketchBot::toString(now), AirsketchBot::lastTrouble());
  shown = now;
  // Slow while waiting, quick while a new sketch comes in.
  const unsigned long half_ms = now == AirsketchBot::State::kDownloading ? 100 : 1000;
  digitalWrite(LED_BUILTIN, millis() / half_ms % 2 == 0 ? HIGH : LOW);
  delay(20);
}
