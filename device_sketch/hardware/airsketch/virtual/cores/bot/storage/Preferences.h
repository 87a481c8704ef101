// Small values that survive a restart, stored by namespace and key of at most 15 characters each.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "WString.h"

typedef enum {
  PT_I8,
  PT_U8,
  PT_I16,
  PT_U16,
  PT_I32,
  PT_U32,
  PT_I64,
  PT_U64,
  PT_STR,
  PT_BLOB,
  PT_INVALID
} PreferenceType;

class Preferences {
 public:
  ~Preferences() { end(); }
  bool begin(const char* name, bool readOnly = false, const char* partition = nullptr);
  void end() { isOpen_ = false; }
  bool clear();
  bool remove(const char* key);
  bool isKey(const char* key) { return getType(key) != PT_INVALID; }
  PreferenceType getType(const char* key);
  size_t freeEntries() { return 500; }

  size_t putChar(const char* key, int8_t value) { return put(key, PT_I8, value); }
  size_t putUChar(const char* key, uint8_t value) { return put(key, PT_U8, value); }
  size_t putShort(const char* key, int16_t value) { return put(key, PT_I16, value); }
  size_t putUShort(const char* key, uint16_t value) { return put(key, PT_U16, value); }
  size_t putInt(const char* key, int32_t value) { return put(key, PT_I32, value); }
  size_t putUInt(const char* key, uint32_t value) { return put(key, PT_U32, value); }
  size_t putLong(const char* key, int32_t value) { return put(key, PT_I32, value); }
  size_t putULong(const char* key, uint32_t value) { return put(key, PT_U32, value); }
  size_t putLong64(const char* key, int64_t value) { return put(key, PT_I64, value); }
  size_t putULong64(const char* key, uint64_t value) { return put(key, PT_U64, value); }
  size_t putBool(const char* key, bool value) { return put(key, PT_U8, static_cast<uint8_t>(value)); }
  size_t putFloat(const char* key, float value) { return putRaw(key, PT_BLOB, &value, sizeof value); }
  size_t putDouble(const char* key, double value) { return putRaw(key, PT_BLOB, &value, sizeof value); }
  size_t putString(const char* key, const char* value);
  size_t putString(const char* key, const String& value) { return putString(key, value.c_str()); }
  size_t putBytes(const char* key, const void* value, size_t size) { return putRaw(key, PT_BLOB, value, size); }

  int8_t getChar(const char* key, int8_t fallback = 0) { return get(key, PT_I8, fallback); }
  uint8_t getUChar(const char* key, uint8_t fallback = 0) { return get(key, PT_U8, fallback); }
  int16_t getShort(const char* key, int16_t fallback = 0) { return get(key, PT_I16, fallback); }
  uint16_t getUShort(const char* key, uint16_t fallback = 0) { return get(key, PT_U16, fallback); }
  int32_t getInt(const char* key, int32_t fallback = 0) { return get(key, PT_I32, fallback); }
  uint32_t getUInt(const char* key, uint32_t fallback = 0) { return get(key, PT_U32, fallback); }
  int32_t getLong(const char* key, int32_t fallback = 0) { return get(key, PT_I32, fallback); }
  uint32_t getULong(const char* key, uint32_t fallback = 0) { return get(key, PT_U32, fallback); }
  int64_t getLong64(const char* key, int64_t fallback = 0) { return get(key, PT_I64, fallback); }
  uint64_t getULong64(const char* key, uint64_t fallback = 0) { return get(key, PT_U64, fallback); }
  bool getBool(const char* key, bool fallback = false) { return get(key, PT_U8, static_cast<uint8_t>(fallback)) != 0; }
  float getFloat(const char* key, float fallback = 0) { return get(key, PT_BLOB, fallback); }
  double getDouble(const char* key, double fallback = 0) { return get(key, PT_BLOB, fallback); }
  String getString(const char* key, const String& fallback = String());
  size_t getString(const char* key, char* out, size_t capacity);
  size_t getBytesLength(const char* key);
  size_t getBytes(const char* key, void* out, size_t capacity);

 private:
  template <typename Value>
  size_t put(const char* key, PreferenceType type, Value value) {
    return putRaw(key, type, &value, sizeof value);
  }
  template <typename Value>
  Value get(const char* key, PreferenceType type, Value fallback) {
    Value value;
    return getRaw(key, type, &value, sizeof value) == sizeof value ? value : fallback;
  }
  size_t putRaw(const char* key, PreferenceType type, const void* value, size_t size);
  // The size of the stored value, 0 if there is none of this type; copies it if it fits.
  size_t getRaw(const char* key, PreferenceType type, void* out, size_t capacity);

  static constexpr size_t kMaxNameChars = 15;
  char name_[kMaxNameChars + 1] = {};
  bool isOpen_ = false;
  bool readOnly_ = false;
};
