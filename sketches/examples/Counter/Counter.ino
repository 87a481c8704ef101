// Counter: a number that survives a restart. It counts how often the bot was started.
//
// Preferences keeps small values in the bot's memory, by name. Press reset and watch.

#include <Preferences.h>

Preferences memory;

void setup() {
  Serial.begin(115200);
  memory.begin("counter");
  const unsigned int starts = memory.getUInt("starts", 0) + 1;
  memory.putUInt("starts", starts);
  memory.end();
  Serial.printf("This bot was started %u times.\n", starts);
}

void loop() {
  delay(1000);
}
