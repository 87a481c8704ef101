// Compiles the library's agent with the core, so that it is compiled once and cached instead of once for each sketch.
// It is linked only into images whose sketch, or whose build, uses the library AirsketchBot.
#include "agent_digest.h"
#if __has_include("../../../../../libraries/AirsketchBot/src/Agent.h")
#include "../../../../../libraries/AirsketchBot/src/Agent.h"
#endif
