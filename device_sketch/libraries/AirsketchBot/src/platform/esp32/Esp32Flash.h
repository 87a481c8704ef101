// The two OTA slots of an ESP32, through ESP-IDF's `esp_ota_ops`.
#pragma once

#include <esp_ota_ops.h>
#include <esp_partition.h>
#include <sdkconfig.h>

#include "../../core/Hex.h"
#include "../Flash.h"

namespace airsketch {

class Esp32Flash final : public Flash {
 public:
  // Computed once: it reads the whole slot.
  void runningDigest(Text<64>* out) override {
    if (digest_.empty()) {
      uint8_t bytes[32] = {};
      char digits[65];
      esp_partition_get_sha256(esp_ota_get_running_partition(), bytes);
      toHex(bytes, sizeof bytes, digits);
      digest_.set(digits);
    }
    *out = digest_;
  }

  void runningSlot(Text<16>* out) override { out->set(esp_ota_get_running_partition()->label); }

  uint32_t slot_bytes() override {
    const esp_partition_t* const spare = esp_ota_get_next_update_partition(nullptr);
    return spare ? spare->size : 0;
  }

  OtaError begin(uint32_t) override {
    abort();
    spare_ = esp_ota_get_next_update_partition(nullptr);
    if (!spare_) return OtaError::kTooBig;
    // Erases sector by sector while writing: erasing the whole slot first would block the sketch for seconds.
    const esp_err_t begun = esp_ota_begin(spare_, OTA_WITH_SEQUENTIAL_WRITES, &write_);
    if (begun == ESP_ERR_NO_MEM) return OtaError::kNoSpace;
    isOpen_ = begun == ESP_OK;
    return isOpen_ ? OtaError::kNone : OtaError::kFlashWrite;
  }

  // Application image: byte 0 is 0xE9, bytes 12 and 13 are the chip id.
  bool isForThisChip(const uint8_t* start, size_t) override {
    return start[0] == 0xE9 && (start[12] | start[13] << 8) == CONFIG_IDF_FIRMWARE_CHIP_ID;
  }

  OtaError write(const void* bytes, size_t size) override {
    return isOpen_ && esp_ota_write(write_, bytes, size) == ESP_OK ? OtaError::kNone : OtaError::kFlashWrite;
  }

  OtaError finish() override {
    if (!isOpen_) return OtaError::kFlashWrite;
    isOpen_ = false;
    const esp_err_t checked = esp_ota_end(write_);
    if (checked == ESP_ERR_OTA_VALIDATE_FAILED) return OtaError::kWrongBoard;
    if (checked != ESP_OK) return OtaError::kFlashWrite;
    return esp_ota_set_boot_partition(spare_) == ESP_OK ? OtaError::kNone : OtaError::kFlashWrite;
  }

  void abort() override {
    if (isOpen_) esp_ota_abort(write_);
    isOpen_ = false;
  }

  bool isOnTrial() override {
    esp_ota_img_states_t state;
    const bool hasState = esp_ota_get_state_partition(esp_ota_get_running_partition(), &state) == ESP_OK;
    return hasState && state == ESP_OTA_IMG_PENDING_VERIFY;
  }

  void confirm() override {
    if (isOnTrial()) esp_ota_mark_app_valid_cancel_rollback();
  }

  bool wasRolledBack() override {
    const esp_partition_t* const bad = esp_ota_get_last_invalid_partition();
    return bad && bad != esp_ota_get_running_partition();
  }

  bool returnToPrevious() override {
    const esp_partition_t* const other = esp_ota_get_next_update_partition(nullptr);
    if (!other || wasRolledBack()) return false;
    return esp_ota_set_boot_partition(other) == ESP_OK;  // verifies the image
  }

 private:
  Text<64> digest_;
  const esp_partition_t* spare_ = nullptr;
  esp_ota_handle_t write_ = 0;
  bool isOpen_ = false;
};

}  // namespace airsketch
