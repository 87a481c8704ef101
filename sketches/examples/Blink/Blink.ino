// Blink: the classic first sketch. The LED on the board blinks once a second.
//
// Try this: change the times and send the sketch again.

#ifndef LED_BUILTIN
#define LED_BUILTIN 2  // Some boards do not define their LED; on many it is connected to pin 2.
#endif

const int onTime_ms = 500;
const int offTime_ms = 500;

void setup() {
  pinMode(LED_BUILTIN, OUTPUT);
}

void loop() {
  digitalWrite(LED_BUILTIN, HIGH);
  delay(onTime_ms);
  digitalWrite(LED_BUILTIN, LOW);
  delay(offTime_ms);
}
