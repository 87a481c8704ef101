// The rest of the board: clock, chance, restart, trigger pin, lamp, console.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "../core/BootGuard.h"
#include "../core/Text.h"

namespace airsketch {

class System {
 public:
  virtual uint64_t now_ms() = 0;    // since boot
  virtual uint32_t random() = 0;    // fit for nonces
  virtual const char* board() = 0;  // FQBN that the image was built for
  virtual BootCause bootCause() = 0;
  virtual const char* resetReason() = 0;
  // Whether somebody outside has decided that the sketch must not be started.
  virtual bool mustBeRescue() { return false; }
  virtual uint32_t freeHeap_bytes() = 0;
  virtual void loadBootRecord(BootRecord* out) = 0;
  virtual void saveBootRecord(const BootRecord& record) = 0;
  virtual void restart() = 0;  // does not return on a board
  // Makes ready a pin that the agent was told to use. False if the board has no such pin.
  virtual bool claimPin(int32_t pin, bool asOutput, bool pullUp) = 0;
  virtual int32_t defaultTriggerPin() = 0;  // the BOOT button of this chip, low when pressed
  // The level at the pin; while the sketch drives it itself, the level of a button that is up.
  virtual bool readPin(int32_t pin) = 0;
  virtual void writePin(int32_t pin, bool high) = 0;
  virtual void say(const char* line) = 0;  // to the serial console
  // Around what the sketch and the agent share; held for microseconds.
  virtual void lock() {}
  virtual void unlock() {}

 protected:
  ~System() = default;
};

}  // namespace airsketch
