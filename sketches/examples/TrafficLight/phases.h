#pragma once

// Which LEDs are on in a phase, and how long it lasts.
struct Phase {
  const char* name;
  bool red;
  bool yellow;
  bool green;
  unsigned long duration_ms;
};

const Phase phases[] = {
    {"stop", true, false, false, 3000},
    {"get ready", true, true, false, 1000},
    {"go", false, false, true, 3000},
    {"slow down", false, true, false, 1000},
};
