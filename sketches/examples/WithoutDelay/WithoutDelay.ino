// WithoutDelay: do two things at once. The LED blinks and a counter runs, each at its own pace.
//
// delay() stops everything. This sketch checks the time instead and does what is due.

#ifndef LED_BUILTIN
#define LED_BUILTIN 2
#endif

const unsigned long blinkEvery_ms = 300;
const unsigned long printEvery_ms = 1000;

unsigned long lastBlink_ms = 0;
unsigned long lastPrint_ms = 0;
bool isOn = false;

void setup() {
  Serial.begin(115200);
  pinMode(LED_BUILTIN, OUTPUT);
}

void loop() {
  const unsigned long now_ms = millis();
  if (now_ms - lastBlink_ms >= blinkEvery_ms) {
    lastBlink_ms = now_ms;
    isOn = !isOn;
    digitalWrite(LED_BUILTIN, isOn ? HIGH : LOW);
  }
  if (now_ms - lastPrint_ms >= printEvery_ms) {
    lastPrint_ms = now_ms;
    Serial.printf("%lu seconds\n", now_ms / 1000);
  }
}
