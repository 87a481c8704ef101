// Fade: the lamp grows bright and dark again, softly.
//
// The pin is switched on and off 5000 times a second (PWM). The longer each "on" lasts, the brighter it looks.

const int lampPin = 2;
const int frequency_hz = 5000;
const int resolution_bits = 8;  // brightness from 0 to 255

void setup() {
  ledcAttach(lampPin, frequency_hz, resolution_bits);
}

void loop() {
  for (int brightness = 0; brightness <= 255; brightness += 5) {
    ledcWrite(lampPin, brightness);
    delay(20);
  }
  for (int brightness = 255; brightness >= 0; brightness -= 5) {
    ledcWrite(lampPin, brightness);
    delay(20);
  }
}
