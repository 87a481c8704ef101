// The identity of the bot, written into the store by the first flash, and the rotation of its key.
//
// A new key does not replace the previous one at once: the previous one stays in the store until the server has
// answered a call signed with the new one. After a power cut at any moment the server accepts one of the stored keys.
#pragma once

#include "../platform/Store.h"
#include "Signing.h"
#include "StoreKeys.h"

namespace airsketch {

struct Identity {
  Text<32> productId;
  Text<128> server;  // http://host:port or https://host, without a trailing slash
  uint8_t key[kKeyBytes] = {};

  // False if something is missing: the bot was not set up, and new images come over USB or by the sketch itself.
  bool load(Store& store) {
    if (!store.get(keys::kProductId, &productId) || productId.empty()) return false;
    if (!store.get(keys::kServer, &server) || server.empty()) return false;
    if (strncmp(server.c_str(), "http://", 7) != 0 && strncmp(server.c_str(), "https://", 8) != 0) return false;
    hasOther_ = readKey(store, keys::kPreviousKey, other_);
    return readKey(store, keys::kDeviceKey, key);
  }

  // Switches to a new key, which came sealed in the response to the request with this nonce. False, and nothing is
  // changed, if it is damaged, is the current key, or cannot be stored.
  AIRSKETCH_OUT_OF_LINE bool takeKey(Store& store, const char* nonce, const char* sealed) {
    char digits[kSealedBytes];
    uint8_t newKey[kKeyBytes];
    if (!unseal(key, "device_key", 0, nonce, sealed, digits) || !fromHex(digits, newKey, sizeof newKey)) return false;
    if (sameBytes(newKey, key, sizeof key)) return false;
    if (!writeKey(store, keys::kPreviousKey, key)) return false;
    // If the next write fails, either key may be stored: the bot keeps the previous one, and `settleKey` cleans up.
    hasOther_ = isPrevious_ = true;
    memcpy(other_, newKey, sizeof newKey);
    if (!writeKey(store, keys::kDeviceKey, newKey)) return false;
    swapKeys();
    return true;
  }

  // The server rejected the current key: switches to the other one. True if that one was not rejected yet, so that an
  // immediate call makes sense.
  bool tryOtherKey() {
    if (!hasOther_) return false;
    swapKeys();
    return isPrevious_;
  }

  // The server accepted a check-in signed with the current key, so only this one is kept. True if it is the previous
  // one: the server does not know the new one.
  AIRSKETCH_OUT_OF_LINE bool settleKey(Store& store) {
    if (!hasOther_) return false;
    uint8_t stored[kKeyBytes];
    const bool isStored = readKey(store, keys::kDeviceKey, stored) && sameBytes(stored, key, sizeof key);
    if (!isStored && !writeKey(store, keys::kDeviceKey, key)) return isPrevious_;
    store.remove(keys::kPreviousKey);
    hasOther_ = false;
    const bool wasPrevious = isPrevious_;
    isPrevious_ = false;
    return wasPrevious;
  }

 private:
  static bool readKey(Store& store, const char* name, uint8_t out[kKeyBytes]) {
    Text<2 * kKeyBytes> digits;
    return store.get(name, &digits) && fromHex(digits.c_str(), out, kKeyBytes);
  }

  static bool writeKey(Store& store, const char* name, const uint8_t from[kKeyBytes]) {
    char digits[2 * kKeyBytes + 1];
    toHex(from, kKeyBytes, digits);
    return store.set(name, digits);
  }

  void swapKeys() {
    for (size_t at = 0; at < kKeyBytes; at++) {
      const uint8_t byte = key[at];
      key[at] = other_[at];
      other_[at] = byte;
    }
    isPrevious_ = !isPrevious_;
  }

  uint8_t other_[kKeyBytes] = {};
  bool hasOther_ = false;
  bool isPrevious_ = false;  // `key` is the older of the two
};

}  // namespace airsketch
