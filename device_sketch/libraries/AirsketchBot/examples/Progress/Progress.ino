// Progress: the LED gets brighter while an update is downloaded.
#include <AirsketchBot.h>

#ifndef LED_BUILTIN
#define LED_BUILTIN 2
#endif

void showProgress(uint32_t done_bytes, uint32_t size_bytes) {
  analogWrite(LED_BUILTIN, static_cast<int>(255ull * done_bytes / size_bytes));
}

void showFailure(AirsketchBot::OtaError error) {
  analogWrite(LED_BUILTIN, 0);
  Serial.printf("Update failed: %s\n", AirsketchBot::toString(error));
}

void setup() {
  Serial.begin(115200);
  pinMode(LED_BUILTIN, OUTPUT);
  AirsketchBot::onProgress(showProgress);
  AirsketchBot::onError(showFailure);
  AirsketchBot::onEnd([] { analogWrite(LED_BUILTIN, 255); });
}

void loop() {
  delay(100);
}
