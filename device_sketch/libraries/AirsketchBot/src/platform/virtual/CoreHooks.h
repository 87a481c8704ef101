// Makes the core serve the agent that it carries. Without this the linker leaves the agent out of the image.
#pragma once

#include <agent.h>

#include "CoreAgent.h"

extern "C" {

// The agent judges a new image, not its start.
bool verifyRollbackLater() {
  return true;
}

bool bot_agent_start() {
  return airsketch_agent_start();
}

uint32_t bot_agent_serve() {
  return airsketch_agent_serve();
}

void bot_agent_hear(const void* bytes, int32_t size) {
  airsketch_agent_hear(bytes, size);
}
}
