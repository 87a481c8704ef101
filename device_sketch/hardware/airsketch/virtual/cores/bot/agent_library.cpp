// Compiles the library's agent as part of the core, so that it is compiled once and cached, not for every sketch. It is
// linked only into images whose sketch, or whose build, uses the library AirsketchBot.
#include "../../../../../libraries/AirsketchBot/src/Agent.h"
#include "agent_digest.h"
