// Interrupt: count the presses of the BOOT button, even while the sketch is busy.
//
// The hardware calls onPress() the moment the pin changes from HIGH to LOW. An interrupt handler must be short.

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
  delay(500);  // Presses during this half second still count.
  if (presses != shown) {
    shown = presses;
    Serial.printf("Pressed %u times\n", shown);
  }
}
