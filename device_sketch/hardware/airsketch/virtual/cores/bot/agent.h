// What the core asks of the agent that a library may bring. Without one the weak answers of agent.cpp hold.
#pragma once

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// Called once, before `setup()`. False if the sketch must not be started; then only the agent is served.
bool bot_agent_start();

// Called from `delay()`, `yield()`, between two calls of `loop()` and from sketches that poll the clock. Returns after
// how many milliseconds the agent wants to be called again at the latest; UINT32_MAX: never.
uint32_t bot_agent_serve();

// Hears what the sketch prints to `Serial`.
void bot_agent_hear(const void* bytes, int32_t size);

#ifdef __cplusplus
}
#endif
