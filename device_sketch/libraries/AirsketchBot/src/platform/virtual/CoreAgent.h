// The agent as compiled into the virtual board's core; see agent.h of that core.
#pragma once

#include <stdint.h>

extern "C" {
bool airsketch_agent_start();
uint32_t airsketch_agent_serve();
void airsketch_agent_on_serial(const void* bytes, int32_t size);
}
