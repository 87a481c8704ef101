// The agent on the virtual bot: it has no task of its own; the core calls it from `delay`, `yield` and between two
// calls of `loop`.
#pragma once

#include "../../core/Session.h"
#include "CoreAgent.h"
#include "VirtualFlash.h"
#include "VirtualStore.h"
#include "VirtualSystem.h"
#include "VirtualTransport.h"
#include "VirtualWifi.h"

namespace airsketch {

struct Agent {
  VirtualStore store;
  VirtualFlash flash{store};
  VirtualWifi wifi;
  VirtualSystem system{store};
  VirtualTransport transport;
  Session session{transport, flash, store, wifi, system};
};

inline Agent& agent() {
  static Agent instance;
  return instance;
}

// Nothing to lock: sketch and agent share one thread.
struct Lock {
  Lock() {}
};

}  // namespace airsketch

extern "C" {

bool airsketch_agent_start() {
  return !airsketch::agent().session.start();
}

uint32_t airsketch_agent_serve() {
  static bool isRunning = false;
  static uint64_t next_ms = 0;
  airsketch::Agent& agent = airsketch::agent();
  if (isRunning || next_ms == UINT64_MAX) return UINT32_MAX;
  const uint64_t now_ms = agent.system.now_ms();
  if (now_ms < next_ms) return static_cast<uint32_t>(next_ms - now_ms);
  isRunning = true;
  const uint32_t wait_ms = agent.session.step();
  isRunning = false;
  next_ms = wait_ms == airsketch::Session::kNever_ms ? UINT64_MAX : agent.system.now_ms() + wait_ms;
  return wait_ms;
}

void airsketch_agent_on_serial(const void* bytes, int32_t size) {
  airsketch::Session& session = airsketch::agent().session;
  if (session.logs()) session.ring().append(static_cast<const char*>(bytes), static_cast<size_t>(size));
}
}
