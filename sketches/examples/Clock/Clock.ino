// Clock: the time of day.
//
// A board asks a time server on the internet; the virtual bot has the clock of the computer it runs on.

#include <WiFi.h>

const char* networkName = "my-network";
const char* networkPassword = "";
const long hoursFromGreenwich = 1;

void setup() {
  Serial.begin(115200);
  WiFi.begin(networkName, networkPassword);
  configTime(hoursFromGreenwich * 3600, 0, "pool.ntp.org");
}

void loop() {
  struct tm now;
  if (getLocalTime(&now))
    Serial.printf("%02d:%02d:%02d\n", now.tm_hour, now.tm_min, now.tm_sec);
  else
    Serial.println("The time is not known yet.");
  delay(1000);
}
