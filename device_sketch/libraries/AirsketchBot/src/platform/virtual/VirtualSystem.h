// The rest of the virtual bot.
#pragma once

#include "../../core/Hex.h"
#include "../../core/StoreKeys.h"
#include "../System.h"
#include "HostInfo.h"
#include "VirtualStore.h"

namespace airsketch {

class VirtualSystem final : public System {
 public:
  explicit VirtualSystem(Store& store) : store_(store) {}

  uint64_t now_ms() override { return static_cast<uint64_t>(bot::host::bot_now_us() / 1000); }
  uint32_t random() override { return bot::host::bot_random(); }
  const char* board() override { return ARDUINO_FQBN; }

  // The numbers are those of ESP-IDF: 1 power-on, 3 software, 4 to 7 panic and watchdogs, 8 deep sleep.
  BootCause bootCause() override {
    const uint32_t reason = reasonNumber();
    if (reason == 3) return BootCause::kRestart;
    if (reason >= 4 && reason <= 7) return BootCause::kCrash;
    return reason == 8 ? BootCause::kSleep : BootCause::kPower;
  }

  const char* resetReason() override {
    switch (bootCause()) {
      case BootCause::kRestart:
        return "software";
      case BootCause::kCrash:
        return reasonNumber() == 4 ? "crash" : "watchdog";
      case BootCause::kSleep:
        return "deep_sleep";
      case BootCause::kPower:
        break;
    }
    return "power_on";
  }

  // The host counts bad boots too: it also notices when a page was closed because the sketch hung.
  bool isRescueForced() override {
    Text<16> boot;
    return readHostInfo("boot", &boot) && !strcmp(boot.c_str(), "rescue");
  }

  uint32_t freeHeap_bytes() override { return 0; }

  // There is no memory that survives only a restart, so the record is kept in the store.
  void loadBootRecord(BootRecord* out) override {
    Text<2 * sizeof(BootRecord)> digits;
    uint8_t bytes[sizeof(BootRecord)] = {};
    if (store_.get(keys::kBootRecord, &digits)) fromHex(digits.c_str(), bytes, sizeof bytes);
    memcpy(out, bytes, sizeof bytes);
  }

  void saveBootRecord(const BootRecord& record) override {
    char digits[2 * sizeof(BootRecord) + 1];
    uint8_t bytes[sizeof(BootRecord)];
    memcpy(bytes, &record, sizeof bytes);
    toHex(bytes, sizeof bytes, digits);
    store_.set(keys::kBootRecord, digits);
  }

  void restart() override { bot::host::bot_restart(3); }

  bool claimPin(int32_t pin, bool asOutput, bool pullUp) override {
    if (pin >= 64) return false;
    bot::host::bot_pin_mode(pin, asOutput ? 0x03 : pullUp ? 0x05 : 0x09);
    return true;
  }

  int32_t defaultTriggerPin() override { return 0; }
  bool readPin(int32_t pin) override { return bot::host::bot_dread(pin) != 0; }
  void writePin(int32_t pin, bool high) override { bot::host::bot_dwrite(pin, high); }

  void println(const char* line) override {
    bot::host::bot_tx("[airsketch] ", 12);
    bot::host::bot_tx(line, static_cast<int32_t>(strlen(line)));
    bot::host::bot_tx("\r\n", 2);
  }

 private:
  uint32_t reasonNumber() {
    Text<8> reason;
    return readHostInfo("reset_reason", &reason) ? numberOr(reason.c_str(), 1) : 1;
  }

  Store& store_;
};

}  // namespace airsketch
