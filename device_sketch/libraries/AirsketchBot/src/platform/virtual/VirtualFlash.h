// The slots of the virtual bot; its host stores the images.
#pragma once

#include "../../core/StoreKeys.h"
#include "../Flash.h"
#include "../Store.h"
#include "HostInfo.h"

namespace airsketch {

class VirtualFlash final : public Flash {
 public:
  explicit VirtualFlash(Store& store) : store_(store) {}

  void runningDigest(Text<64>* out) override { readHostInfo("image_sha256", out); }
  void runningSlot(Text<16>* out) override { readHostInfo("slot", out); }
  uint32_t slot_bytes() override { return bot::host::kSlotBytes; }

  OtaError begin(uint32_t size_bytes) override {
    return bot::host::bot_ota_begin(static_cast<int32_t>(size_bytes)) == 0 ? OtaError::kNone : OtaError::kTooBig;
  }

  bool isForThisChip(const uint8_t* start, size_t) override {
    static constexpr uint8_t kModuleStart[] = {0, 'a', 's', 'm', 1, 0, 0, 0};
    return !memcmp(start, kModuleStart, sizeof kModuleStart);
  }

  OtaError write(const void* bytes, size_t size) override {
    const bool written = bot::host::bot_ota_write(bytes, static_cast<int32_t>(size)) == 0;
    return written ? OtaError::kNone : OtaError::kFlashWrite;
  }

  OtaError finish() override { return bot::host::bot_ota_end() == 0 ? OtaError::kNone : OtaError::kWrongBoard; }
  void abort() override { bot::host::bot_ota_abort(); }

  // The host does not tell. The agent remembers the image it has installed until the server has seen it.
  bool isOnTrial() override {
    Text<64> trial;
    return !isConfirmed_ && !wasRolledBack() && store_.get(keys::kTrial, &trial);
  }

  void confirm() override {
    if (!isConfirmed_) bot::host::bot_ota_confirm();
    isConfirmed_ = true;
  }

  bool wasRolledBack() override {
    Text<16> boot;
    return readHostInfo("boot", &boot) && !strcmp(boot.c_str(), "rolled_back");
  }

  // The host offers no way to boot the other slot.
  bool returnToPrevious() override { return false; }

 private:
  Store& store_;
  bool isConfirmed_ = false;
};

}  // namespace airsketch
