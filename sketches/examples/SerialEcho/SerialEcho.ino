// SerialEcho: talk to the bot. Type a line into the Serial Monitor; the bot answers.
//
// Try a number (the bot doubles it), or some words (it repeats them in capital letters).

void setup() {
  Serial.begin(115200);
  Serial.println("Hello! Type something.");
}

void loop() {
  if (Serial.available() == 0) {
    delay(10);
    return;
  }
  String line = Serial.readStringUntil('\n');
  line.trim();
  if (line.length() > 0 && isDigit(line[0])) {
    const long number = line.toInt();
    Serial.printf("Twice %ld is %ld\n", number, number * 2);
  } else {
    line.toUpperCase();
    Serial.println("You said: " + line);
  }
}
