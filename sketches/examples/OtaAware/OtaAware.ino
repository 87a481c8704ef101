// OtaAware: a sketch that shows on its lamp how a new one comes in. No sketch has to do this: every bot stays
// updatable.
//
// The lamp blinks. When you send a sketch to the bot, the lamp gets brighter while it comes in. Press the BOOT button
// to make the bot ask at once.

#include <AirsketchBot.h>

#ifndef LED_BUILTIN
#define LED_BUILTIN 2
#endif

const char* sketchName = "OtaAware 1";

void showProgress(uint32_t done_bytes, uint32_t size_bytes) {
  analogWrite(LED_BUILTIN, static_cast<int>(255ull * done_bytes / size_bytes));
}

void setup() {
  Serial.begin(115200);
  pinMode(LED_BUILTIN, OUTPUT);
  AirsketchBot::onProgress(showProgress);
  AirsketchBot::onError(
      [](AirsketchBot::OtaError error) { Serial.printf("No new sketch: %s\n", AirsketchBot::toString(error)); });
  Serial.printf("%s, AirsketchBot %s, updates: %s\n", sketchName, AirsketchBot::version(),
                AirsketchBot::toString(AirsketchBot::state()));
}

void loop() {
  if (AirsketchBot::state() != AirsketchBot::State::kDownloading)
    digitalWrite(LED_BUILTIN, millis() / 250 % 2 == 0 ? HIGH : LOW);
  delay(20);
}
