// Detects boot loops: after three bad boots in a row the agent starts without the sketch ("rescue").
//
// A boot is bad when the program crashes, hangs until a watchdog resets it, or restarts itself within its first minute.
// A power cycle, the reset button and waking from deep sleep do not count.
#pragma once

#include <stdint.h>

namespace airsketch {

enum class BootCause : uint8_t { kPower, kRestart, kCrash, kSleep };

// Kept in memory that survives a restart but not a power cut (in the store on boards that have no such memory).
struct BootRecord {
  uint32_t magic;
  uint8_t badBoots;
  uint8_t isOpen;          // this boot has not yet run for a minute
  uint8_t restartByAgent;  // the agent itself restarted the bot
  uint8_t rescueWanted;
};

class BootGuard {
 public:
  static constexpr uint32_t kMagic = 0x41534b31;
  static constexpr uint8_t kBadBootsBeforeRescue = 3;
  static constexpr uint32_t kHealthyAfter_s = 60;

  // Evaluates the last boot and opens this one. True if the sketch must not be started.
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

  void markHealthy() {
    record_->isOpen = 0;
    record_->badBoots = 0;
  }

  // The next image starts without a record.
  void prepareUpdateRestart() { *record_ = {kMagic, 0, 0, 1, 0}; }

  void prepareRescueRestart() {
    record_->restartByAgent = 1;
    record_->rescueWanted = 1;
  }

  bool isOpen() const { return record_ && record_->isOpen; }

 private:
  BootRecord* record_ = nullptr;
};

}  // namespace airsketch
