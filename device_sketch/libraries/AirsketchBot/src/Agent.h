// The whole agent with its public functions, for a single translation unit: AirsketchBot.cpp, or on the virtual board
// its core.
#pragma once

#include "AirsketchBot.h"

#if defined(ARDUINO_AIRSKETCH_BOT)
#include "platform/virtual/VirtualAgent.h"
#else
#include "platform/esp32/Esp32Serial.h"
#endif

namespace AirsketchBot {

using airsketch::agent;
using airsketch::Lock;

void onOffer(Reply (*callback)(const Offer& offer)) {
  agent().session.hooks().onOffer = callback;
}

void onProgress(void (*callback)(uint32_t done_bytes, uint32_t size_bytes)) {
  agent().session.hooks().onProgress = callback;
}

void onEnd(void (*callback)()) {
  agent().session.hooks().onEnd = callback;
}

void onError(void (*callback)(OtaError error)) {
  agent().session.hooks().onError = callback;
}

State state() {
  return agent().session.state();
}

OtaError lastError() {
  return agent().session.lastError();
}

const char* lastTrouble() {
  return toString(agent().session.networkError());
}

void checkNow() {
  agent().session.checkNow();
}

void log(const char* line) {
  if (!agent().session.logs()) return;
  const Lock lock;
  agent().session.ring().addLine(line);
}

}  // namespace AirsketchBot
