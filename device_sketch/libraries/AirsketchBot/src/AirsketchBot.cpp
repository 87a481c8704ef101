// The library's only translation unit: arduino-cli compiles and scans the files of a library again for each sketch, so
// a second file would slow down every build.
#if defined(ARDUINO_AIRSKETCH_BOT)
// On the virtual board the agent is compiled with the core, once for all sketches; this only links it into the image.
#include "platform/virtual/CoreHooks.h"
#else
#include "Agent.h"
#endif
