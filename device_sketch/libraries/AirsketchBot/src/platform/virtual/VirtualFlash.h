// The slots of the virtual bot; its host keeps the images.
#pragma once

#include "../Flash.h"
#include "../Store.h"
#include "HostInfo.h"

namespace airsketch {

class VirtualFlash final : public Flash {
 public:
  explicit VirtualFlash(Store& store) : store_(store) {}

  void runningDigest(Text<64>* out) override { readHostInfo("image_sha256", out); }
  void runningSlot(Text<16>* out) override { readHostInfo("slot", out); }
  uint32_t slot_bytes() override { return kSlotBytes; }

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

  // The host does not tell. The agent keeps a note of the image that it installed until the server has judged it.
  bool isOnTrial() override {
    Text<64> trial;
    return !isConfirmed_ && !wasRolledBack() && store_.get("trial", &trial);
  }

  void confirm() override {
    if (!isConfirmed_) bot::host::bot_ota_confirm();
    isConfirmed_ = true;
  }

  bool wasRolledBack() override {
    Text<16> boot;
    return readHostInfo("boot", &boot) && !strcmp(boot.c_str(), "rolled_back");
  }

  // The host shows no way to the other slot.
  bool returnToFormer() override { return false; }

 private:
  static constexpr uint32_t kSlotBytes = 1310720;  // HOST_INTERFACE.md
  Store& store_;
  bool isConfirmed_ = false;
};

}  // namespace airsketch
