// OtaAware: shows the progress of an update on the LED. This is optional: every bot can be updated, whatever its sketch
// does.
//
// The LED blinks. When you send a sketch to the bot, the LED gets brighter during the download. Press the BOOT button
// to make the bot check for the update at once.

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
      [](AirsketchBot::OtaError error) { Serial.printf("Update failed: %s\n", AirsketchBot::toString(error)); });
  Serial.printf("%s, AirsketchBot %s, state: %s\n", sketchName, AirsketchBot::version(),
                AirsketchBot::toString(AirsketchBot::state()));
}

void loop() {
  if (AirsketchBot::state() != AirsketchBot::State::kDownloading)
    digitalWrite(LED_BUILTIN, millis() / 250 % 2 == 0 ? HIGH : LOW);
  delay(20);
}
