// Basic: a sketch that needs no word about updates, and shows what the agent does all the same.
#include <AirsketchBot.h>

void setup() {
  Serial.begin(115200);
  Serial.printf("AirsketchBot %s\n", AirsketchBot::version());
}

void loop() {
  Serial.println(AirsketchBot::toString(AirsketchBot::state()));
  AirsketchBot::log("still here");  // shown on the bot's page if its wireless log is on
  delay(5000);
}
