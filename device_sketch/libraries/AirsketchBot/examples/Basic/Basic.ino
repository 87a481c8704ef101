// Basic: prints the state of the agent. Updates work without any of this.
#include <AirsketchBot.h>

void setup() {
  Serial.begin(115200);
  Serial.printf("AirsketchBot %s\n", AirsketchBot::version());
}

void loop() {
  Serial.println(AirsketchBot::toString(AirsketchBot::state()));
  AirsketchBot::log("still here");  // appears on the bot's page if its wireless log is on
  delay(5000);
}
