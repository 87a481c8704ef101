// How the core calls the agent, if the image contains one; otherwise the weak functions of agent.cpp do nothing.
#pragma once

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// Called once, before `setup()`. False if the sketch must not be started: then only the agent runs.
bool bot_agent_start();

// Called from `delay()`, `yield()`, between two calls of `loop()` and from sketches that poll the clock. Returns the
// milliseconds until the next call at the latest; UINT32_MAX: never.
uint32_t bot_agent_serve();

// Called with what the sketch prints to `Serial`.
void bot_agent_on_serial(const void* bytes, int32_t size);

#ifdef __cplusplus
}
#endif
