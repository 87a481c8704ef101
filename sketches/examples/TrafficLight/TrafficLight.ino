// TrafficLight: a sketch with several files, compiled into one program.
//
//   TrafficLight.ino   the sequence
//   leds.ino           a second tab: switches the LEDs
//   phases.h           a header: the phases, used by both

#include "phases.h"

void setup() {
  Serial.begin(115200);
  setUpLeds();
}

void loop() {
  for (const Phase& phase : phases) {
    show(phase);
    delay(phase.duration_ms);
  }
}
