// The agent on an ESP32: runs in its own task, started before `setup()`.
//
// `initArduino()` runs in ESP-IDF's main task, before the task of `setup()` and `loop()` exists. It opens NVS, then
// calls the weak function `init()`. This library's strong one starts the agent. In rescue mode it does not return: the
// sketch's task is never created, and the agent runs alone. Neither the event loop nor Wi-Fi is up at that point; the
// agent's task starts them when it needs them.
#pragma once

#include <freertos/FreeRTOS.h>
#include <freertos/task.h>

#include "../../core/Session.h"
#include "Esp32Flash.h"
#include "Esp32Store.h"
#include "Esp32System.h"
#include "Esp32Transport.h"
#include "Esp32Wifi.h"

namespace airsketch {

struct Agent {
  Esp32Store store;
  Esp32Flash flash;
  Esp32Wifi wifi;
  Esp32System system;
  Esp32Transport transport;
  Session session{transport, flash, store, wifi, system};
};

inline Agent& agent() {
  static Agent instance;
  return instance;
}

struct Lock {
  Lock() { agent().system.lock(); }
  ~Lock() { agent().system.unlock(); }
};

// mbedTLS needs about 6 KiB in a handshake, the agent itself at most 3 KiB.
constexpr uint32_t kAgentStack_bytes = 10240;
// One above `loop()`, so that a busy loop cannot starve it; the agent sleeps nearly all the time.
constexpr UBaseType_t kAgentPriority = 2;

inline void runAgent(void*) {
  for (;;) {
    const uint32_t wait_ms = agent().session.step();
    if (wait_ms == Session::kNever_ms) vTaskDelete(nullptr);
    vTaskDelay(wait_ms < portTICK_PERIOD_MS ? 1 : wait_ms / portTICK_PERIOD_MS);
  }
}

}  // namespace airsketch

extern "C" {

// The agent confirms a new image once it has reached the server; starting up is not enough.
bool verifyRollbackLater() {
  return true;
}

void init() {
  using namespace airsketch;
  const bool isRescue = agent().session.start();
  const BaseType_t started = xTaskCreatePinnedToCore(runAgent, "airsketch", kAgentStack_bytes, nullptr, kAgentPriority,
                                                     nullptr, tskNO_AFFINITY);
  while (isRescue && started == pdPASS) vTaskDelay(portMAX_DELAY);
}
}
