// Each stored value starts with a type byte.
#include "storage/Preferences.h"

#include <stdlib.h>
#include <string.h>

#include "bot_host.h"

using namespace bot::host;

bool Preferences::begin(const char* name, bool readOnly, const char*) {
  const size_t size = name ? strlen(name) : 0;
  if (isOpen_ || size == 0 || size > kMaxNameChars) return false;
  memcpy(name_, name, size + 1);
  readOnly_ = readOnly;
  isOpen_ = true;
  return true;
}

bool Preferences::clear() {
  return isOpen_ && !readOnly_ && bot_nvs_del(name_, strlen(name_), "", 0) == 0;
}

bool Preferences::remove(const char* key) {
  return isOpen_ && !readOnly_ && key && *key && bot_nvs_del(name_, strlen(name_), key, strlen(key)) == 0;
}

PreferenceType Preferences::getType(const char* key) {
  uint8_t type = PT_INVALID;
  if (!isOpen_ || !key || bot_nvs_get(name_, strlen(name_), key, strlen(key), &type, 1) < 1) return PT_INVALID;
  return static_cast<PreferenceType>(type);
}

size_t Preferences::putRaw(const char* key, PreferenceType type, const void* value, size_t size) {
  const size_t keySize = key ? strlen(key) : 0;
  if (!isOpen_ || readOnly_ || keySize == 0 || keySize > kMaxNameChars) return 0;
  uint8_t* stored = static_cast<uint8_t*>(malloc(size + 1));
  if (!stored) return 0;
  stored[0] = type;
  memcpy(stored + 1, value, size);
  const bool done = bot_nvs_set(name_, strlen(name_), key, keySize, stored, size + 1) == 0;
  free(stored);
  return done ? size : 0;
}

size_t Preferences::getRaw(const char* key, PreferenceType type, void* out, size_t capacity) {
  if (!isOpen_ || !key || getType(key) != type) return 0;
  const int32_t storedSize = bot_nvs_get(name_, strlen(name_), key, strlen(key), nullptr, 0);
  const size_t size = storedSize > 1 ? storedSize - 1 : 0;
  if (size == 0 || size > capacity) return size;
  uint8_t* stored = static_cast<uint8_t*>(malloc(storedSize));
  if (!stored) return 0;
  bot_nvs_get(name_, strlen(name_), key, strlen(key), stored, storedSize);
  memcpy(out, stored + 1, size);
  free(stored);
  return size;
}

size_t Preferences::putString(const char* key, const char* value) {
  return putRaw(key, PT_STR, value, strlen(value));
}

String Preferences::getString(const char* key, const String& fallback) {
  if (getType(key) != PT_STR) return fallback;
  const size_t size = getRaw(key, PT_STR, nullptr, 0);
  char* text = size > 0 ? static_cast<char*>(malloc(size)) : nullptr;
  if (!text) return String();
  getRaw(key, PT_STR, text, size);
  String value(text, size);
  free(text);
  return value;
}

size_t Preferences::getString(const char* key, char* out, size_t capacity) {
  const String value = getString(key);
  if (!isKey(key) || value.length() + 1 > capacity) return 0;
  memcpy(out, value.c_str(), value.length() + 1);
  return value.length() + 1;
}

size_t Preferences::getBytesLength(const char* key) {
  return getRaw(key, PT_BLOB, nullptr, 0);
}

size_t Preferences::getBytes(const char* key, void* out, size_t capacity) {
  const size_t size = getRaw(key, PT_BLOB, out, capacity);
  return size <= capacity ? size : 0;
}
