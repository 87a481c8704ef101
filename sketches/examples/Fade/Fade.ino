// Fade: the LED fades in and out.
//
// The pin is switched on and off 5000 times a second (PWM). The longer each pulse, the brighter the LED.

const int ledPin = 2;
const int frequency_hz = 5000;
const int resolution_bits = 8;  // brightness from 0 to 255

void setup() {
  ledcAttach(ledPin, frequency_hz, resolution_bits);
}

void loop() {
  for (int brightness = 0; brightness <= 255; brightness += 5) {
    ledcWrite(ledPin, brightness);
    delay(20);
  }
  for (int brightness = 255; brightness >= 0; brightness -= 5) {
    ledcWrite(ledPin, brightness);
    delay(20);
  }
}
