// Button: the LED is on while you hold the BOOT button.
//
// The button connects its pin to ground, so the pin reads LOW while it is held. Otherwise INPUT_PULLUP keeps it HIGH.

#ifndef LED_BUILTIN
#define LED_BUILTIN 2
#endif

const int buttonPin = 0;

void setup() {
  pinMode(buttonPin, INPUT_PULLUP);
  pinMode(LED_BUILTIN, OUTPUT);
}

void loop() {
  const bool isHeld = digitalRead(buttonPin) == LOW;
  digitalWrite(LED_BUILTIN, isHeld ? HIGH : LOW);
  delay(10);
}
