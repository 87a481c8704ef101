// TrafficLight: a sketch in several files. Each tab holds one thought; all of them become one program.
//
//   TrafficLight.ino   what happens, in order
//   lamps.ino          a second tab: how to switch the lamps
//   phases.h           a header: the times, shared by both

#include "phases.h"

void setup() {
  Serial.begin(115200);
  setUpLamps();
}

void loop() {
  for (const Phase& phase : phases) {
    show(phase);
    delay(phase.duration_ms);
  }
}
