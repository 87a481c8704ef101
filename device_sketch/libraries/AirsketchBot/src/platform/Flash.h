// The two firmware slots: which one runs, and how the other is written and selected for the next boot.
#pragma once

#include "../OtaError.h"
#include "../core/Text.h"

namespace airsketch {

using AirsketchBot::OtaError;

class Flash {
 public:
  // The digest of the running image, 64 lower-case hex digits: on an ESP32 the SHA-256 appended to the image, on the
  // virtual bot the SHA-256 of the file.
  virtual void runningDigest(Text<64>* out) = 0;
  virtual void runningSlot(Text<16>* out) = 0;
  virtual uint32_t slot_bytes() = 0;

  // Starts writing the spare slot from its first byte. The bot keeps booting the running image until `finish`.
  virtual OtaError begin(uint32_t size_bytes) = 0;
  // Whether an image that starts with these bytes (at least 16) is built for this chip.
  virtual bool isForThisChip(const uint8_t* start, size_t size) = 0;
  virtual OtaError write(const void* bytes, size_t size) = 0;
  // Verifies the image and selects it for the next boot, in one atomic step.
  virtual OtaError finish() = 0;
  virtual void abort() = 0;

  // Whether the running image is on trial: without `confirm` the next boot rolls back to the previous one.
  virtual bool isOnTrial() = 0;
  virtual void confirm() = 0;
  // Whether the bootloader has rolled back from another image.
  virtual bool wasRolledBack() = 0;
  // Selects the image in the other slot for the next boot, if it is valid. False if there is none.
  virtual bool returnToPrevious() = 0;

 protected:
  ~Flash() = default;
};

}  // namespace airsketch
