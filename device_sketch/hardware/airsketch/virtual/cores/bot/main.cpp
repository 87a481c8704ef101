// The entry points of an image.
#include "Arduino.h"
#include "agent.h"
#include "bot_host.h"
#include "system/tickers_due.h"
#include "system/esp_ota_ops.h"

namespace {
constexpr int32_t kAbiNumber = 1;
constexpr uint32_t kRescueNap_ms = 1000;
}  // namespace

extern "C" {

// As in Espressif's core: a new image is confirmed at its first start, unless this function returns true.
__attribute__((weak)) bool verifyRollbackLater() {
  return false;
}

int32_t bot_abi() {
  return kAbiNumber;
}

void bot_main() {
  if (!verifyRollbackLater()) esp_ota_mark_app_valid_cancel_rollback();
  const bool runsSketch = bot_agent_start();
  if (runsSketch) setup();
  while (!runsSketch) delay(kRescueNap_ms);
  for (;;) {
    loop();
    if (serialEvent && bot::host::bot_rx_avail() > 0) serialEvent();
    if (bot::serveTickers) bot::serveTickers(0);
    bot_agent_serve();
    bot::host::bot_idle();
  }
}
}
