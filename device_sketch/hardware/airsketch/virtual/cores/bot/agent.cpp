#include "agent.h"

extern "C" {

__attribute__((weak)) bool bot_agent_start() {
  return true;
}

__attribute__((weak)) uint32_t bot_agent_serve() {
  return UINT32_MAX;
}

__attribute__((weak)) void bot_agent_on_serial(const void*, int32_t) {}
}
