#include "storage/EEPROM.h"

#include <stdlib.h>

#include "bot_host.h"

using namespace bot::host;

EEPROMClass EEPROM;

namespace {
constexpr size_t kMaximumBytes = 4096;
constexpr uint8_t kErased = 0xff;
constexpr char kSpace[] = "eeprom";
constexpr char kKey[] = "bytes";
}  // namespace

bool EEPROMClass::begin(size_t size) {
  end();
  if (size == 0 || size > kMaximumBytes) return false;
  bytes_ = static_cast<uint8_t*>(malloc(size));
  if (!bytes_) return false;
  size_ = size;
  memset(bytes_, kErased, size);
  bot_nvs_get(kSpace, sizeof kSpace - 1, kKey, sizeof kKey - 1, bytes_, size);
  return true;
}

void EEPROMClass::end() {
  if (!bytes_) return;
  commit();
  free(bytes_);
  bytes_ = nullptr;
  size_ = 0;
}

bool EEPROMClass::commit() {
  return bytes_ && bot_nvs_set(kSpace, sizeof kSpace - 1, kKey, sizeof kKey - 1, bytes_, size_) == 0;
}
