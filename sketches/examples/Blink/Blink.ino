// Blink: the first sketch of every bot. The small lamp on the board goes on and off, once a second.
//
// Try this: change the numbers and send the sketch again.

#ifndef LED_BUILTIN
#define LED_BUILTIN 2  // Some boards do not name their lamp; on many it sits on pin 2.
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
