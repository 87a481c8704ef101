// Counts boots that ended badly. After three in a row the agent starts alone: "rescue".
//
// A boot ends badly when the program crashed, hung until a watchdog ended it, or restarted itself within its first
// minute. Switching the power off and on, the reset button and waking from deep sleep are never the sketch's fault.
#pragma once

#include <stdint.h>

namespace airsketch {

enum class BootCause : uint8_t { kPower, kRestart, kCrash, kSleep };

// Lies in memory that survives a restart but not a power cut (on boards that have none, in the store).
struct BootRecord {
  uint32_t magic;
  uint8_t badBoots;
  uint8_t isOpen;          // the last boot did not live for a minute
  uint8_t restartByAgent;  // the restart was the agent's own
  uint8_t rescueWanted;
};

class BootGuard {
 public:
  static constexpr uint32_t kMagic = 0x41534b31;
  static constexpr uint8_t kBadBootsBeforeRescue = 3;
  static constexpr uint32_t kGoodAfter_s = 60;

  // Judges the last boot and opens this one. True if the sketch must not be started.
  bool startBoot(BootRecord* record, BootCause cause) {
    record_ = record;
    if (record->magic != kMagic || cause == BootCause::kPower) *record = {kMagic, 0, 0, 0, 0};
    const bool ended = cause == BootCause::kCrash || (cause == BootCause::kRestart && !record->restartByAgent);
    if (ended && record->isOpen && record->badBoots < UINT8_MAX) record->badBoots++;
    const bool rescue = record->badBoots >= kBadBootsBeforeRescue || record->rescueWanted;
    record->rescueWanted = 0;
    record->restartByAgent = 0;
    record->isOpen = !rescue;
    return rescue;
  }

  void livedLongEnough() {
    record_->isOpen = 0;
    record_->badBoots = 0;
  }

  // The next image starts with a clean sheet.
  void restartsForNewImage() { *record_ = {kMagic, 0, 0, 1, 0}; }

  void restartsForRescue() {
    record_->restartByAgent = 1;
    record_->rescueWanted = 1;
  }

  bool isOpen() const { return record_ && record_->isOpen; }

 private:
  BootRecord* record_ = nullptr;
};

}  // namespace airsketch
