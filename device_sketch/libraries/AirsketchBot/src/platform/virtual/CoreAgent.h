// The agent as the core of the virtual board carries it; see agent.h of that core.
#pragma once

#include <stdint.h>

extern "C" {
bool airsketch_agent_start();
uint32_t airsketch_agent_serve();
void airsketch_agent_hear(const void* bytes, int32_t size);
}
