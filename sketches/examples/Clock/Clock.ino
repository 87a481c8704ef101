// Clock: the time of day.
//
// A board gets the time from a server on the internet (NTP); the virtual bot uses the clock of its computer.

#include <WiFi.h>

const char* networkName = "my-network";
const char* networkPassword = "";
const long utcOffset_hours = 1;

void setup() {
  Serial.begin(115200);
  WiFi.begin(networkName, networkPassword);
  configTime(utcOffset_hours * 3600, 0, "pool.ntp.org");
}

void loop() {
  struct tm now;
  if (getLocalTime(&now))
    Serial.printf("%02d:%02d:%02d\n", now.tm_hour, now.tm_min, now.tm_sec);
  else
    Serial.println("Waiting for the time server ...");
  delay(1000);
}
