// Information about the bot, and its restart.
#pragma once

#include "WString.h"
#include "system/esp_system.h"

class EspClass {
 public:
  [[noreturn]] void restart() { esp_restart(); }
  uint32_t getHeapSize();
  uint32_t getFreeHeap();
  uint32_t getMinFreeHeap() { return getFreeHeap(); }
  uint32_t getMaxAllocHeap() { return getFreeHeap(); }
  uint32_t getPsramSize() { return 0; }
  uint32_t getFreePsram() { return 0; }
  const char* getChipModel() { return "Airsketch virtual bot"; }
  uint8_t getChipRevision() { return 1; }
  uint8_t getChipCores() { return 1; }
  uint32_t getCpuFreqMHz() { return 240; }
  uint32_t getCycleCount();
  const char* getSdkVersion() { return "airsketch-virtual-1"; }
  const char* getCoreVersion() { return "3.0.4"; }
  uint64_t getEfuseMac();
  uint32_t getFlashChipSize() { return 4u * 1024 * 1024; }
  uint32_t getFlashChipSpeed() { return 40000000; }
  uint32_t getSketchSize();
  uint32_t getFreeSketchSpace();
  // The SHA-256 of the running image, 64 lower-case hex digits.
  String getSketchSHA256();

  // The virtual bot has no deep sleep: it runs while its page is open.
  void deepSleep(uint64_t duration_us)
      __attribute__((unavailable("the virtual bot has no deep sleep; choose an ESP32 board or use delay()")));
};

extern EspClass ESP;

namespace bot {

// Information about this bot from the host, or an empty text; HOST_INTERFACE.md lists the keys.
String info(const char* key);

}  // namespace bot
