// The pin of each LED.
const int redPin = 25;
const int yellowPin = 26;
const int greenPin = 27;

void setUpLeds() {
  pinMode(redPin, OUTPUT);
  pinMode(yellowPin, OUTPUT);
  pinMode(greenPin, OUTPUT);
}

void show(const Phase& phase) {
  digitalWrite(redPin, phase.red ? HIGH : LOW);
  digitalWrite(yellowPin, phase.yellow ? HIGH : LOW);
  digitalWrite(greenPin, phase.green ? HIGH : LOW);
  Serial.println(phase.name);
}
