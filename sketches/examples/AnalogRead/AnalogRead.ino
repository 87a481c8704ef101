// AnalogRead: measure a voltage, for example from a potentiometer or a light sensor, five times a second.
//
// The bot converts 0 to 3.3 V to a number from 0 to 4095.

const int sensorPin = A4;

void setup() {
  Serial.begin(115200);
}

void loop() {
  const int raw = analogRead(sensorPin);
  const int percent = map(raw, 0, 4095, 0, 100);
  Serial.printf("%4d  %3d %%\n", raw, percent);
  delay(200);
}
