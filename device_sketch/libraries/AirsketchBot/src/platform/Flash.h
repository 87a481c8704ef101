// The two slots: which image runs, and how the spare one is written and made the next to start.
#pragma once

#include "../OtaError.h"
#include "../core/Text.h"

namespace airsketch {

using AirsketchBot::OtaError;

class Flash {
 public:
  // How the running image knows itself, 64 lower-case hex digits: on an ESP32 the digest that the image carries, on the
  // virtual bot that of the file.
  virtual void runningDigest(Text<64>* out) = 0;
  virtual void runningSlot(Text<16>* out) = 0;
  virtual uint32_t slot_bytes() = 0;

  // Opens the spare slot from its first byte. The bot goes on to boot the running image until `finish`.
  virtual OtaError begin(uint32_t size_bytes) = 0;
  // Whether an image that starts with these bytes (at least 16) is made for this chip.
  virtual bool isForThisChip(const uint8_t* start, size_t size) = 0;
  virtual OtaError write(const void* bytes, size_t size) = 0;
  // Checks the image once more and makes it the one that boots next, in one atomic step.
  virtual OtaError finish() = 0;
  virtual void abort() = 0;

  // Whether the running image is on trial: without `confirm` the next boot takes the former one.
  virtual bool isOnTrial() = 0;
  virtual void confirm() = 0;
  // Whether the former boot's image was given up by the bootloader.
  virtual bool wasRolledBack() = 0;
  // Makes the other slot's image the one that boots next, if it is sound. False if there is none.
  virtual bool returnToFormer() = 0;

 protected:
  ~Flash() = default;
};

}  // namespace airsketch
