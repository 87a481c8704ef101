#pragma once

// One picture of the traffic light and how long it stays.
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
