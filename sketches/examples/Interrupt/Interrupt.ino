// Interrupt: count the presses of the BOOT button, even while the sketch is busy with something else.
//
// The function onPress() is called by the hardware at the moment the pin falls. It must be short: count, no more.

const int buttonPin = 0;

volatile unsigned int presses = 0;

void IRAM_ATTR onPress() {
  presses = presses + 1;
}

void setup() {
  Serial.begin(115200);
  pinMode(buttonPin, INPUT_PULLUP);
  attachInterrupt(digitalPinToInterrupt(buttonPin), onPress, FALLING);
}

void loop() {
  static unsigned int shown = 0;
  delay(500);  // The presses during this half second are not lost.
  if (presses != shown) {
    shown = presses;
    Serial.printf("Pressed %u times\n", shown);
  }
}
