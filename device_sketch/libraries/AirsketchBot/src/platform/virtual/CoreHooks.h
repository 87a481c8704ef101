// Connects the core to the agent that is compiled with it. Without this the linker drops the agent.
#pragma once

#include <agent.h>

#include "CoreAgent.h"

extern "C" {

// The agent confirms a new image once it has reached the server; starting up is not enough.
bool verifyRollbackLater() {
  return true;
}

bool bot_agent_start() {
  return airsketch_agent_start();
}

uint32_t bot_agent_serve() {
  return airsketch_agent_serve();
}

void bot_agent_on_serial(const void* bytes, int32_t size) {
  airsketch_agent_on_serial(bytes, size);
}
}
