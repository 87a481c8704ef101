// The rest of the board: clock, random numbers, restart, GPIO pins and serial port.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "../core/BootGuard.h"
#include "../core/Text.h"

namespace airsketch {

class System {
 public:
  virtual uint64_t now_ms() = 0;    // since boot
  virtual uint32_t random() = 0;    // good enough for nonces
  virtual const char* board() = 0;  // FQBN the image was built for
  virtual BootCause bootCause() = 0;
  virtual const char* resetReason() = 0;
  // Whether the host demands a start without the sketch.
  virtual bool isRescueForced() { return false; }
  virtual uint32_t freeHeap_bytes() = 0;
  virtual void loadBootRecord(BootRecord* out) = 0;
  virtual void saveBootRecord(const BootRecord& record) = 0;
  virtual void restart() = 0;  // does not return on a board
  // Configures a pin for the agent. False if the board has no such pin.
  virtual bool claimPin(int32_t pin, bool asOutput, bool pullUp) = 0;
  virtual int32_t defaultTriggerPin() = 0;  // the BOOT button of this chip, low when pressed
  // The level of the pin; while the sketch drives it as an output, the level of a released button.
  virtual bool readPin(int32_t pin) = 0;
  virtual void writePin(int32_t pin, bool high) = 0;
  virtual void println(const char* line) = 0;  // to the serial port
  // Guards what the sketch and the agent share; held for microseconds.
  virtual void lock() {}
  virtual void unlock() {}

 protected:
  ~System() = default;
};

}  // namespace airsketch
