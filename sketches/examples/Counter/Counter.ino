// Counter: a number that survives a restart. It counts how often the bot was started.
//
// Preferences stores small values by name in flash memory. Press reset and watch.

#include <Preferences.h>

Preferences preferences;

void setup() {
  Serial.begin(115200);
  preferences.begin("counter");
  const unsigned int starts = preferences.getUInt("starts", 0) + 1;
  preferences.putUInt("starts", starts);
  preferences.end();
  Serial.printf("This bot was started %u times.\n", starts);
}

void loop() {
  delay(1000);
}
