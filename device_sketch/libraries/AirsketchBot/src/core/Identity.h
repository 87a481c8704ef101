// Who the bot is, as the first flash put it into the store, and the exchange of its key.
//
// A new key never takes the place of the old one at once: the old one stays in the store as "old_key" until a signed
// answer came under the new one. Whenever the power goes, one of the two stored keys is one that the server believes.
#pragma once

#include "../platform/Store.h"
#include "Signing.h"

namespace airsketch {

struct Identity {
  Text<32> productId;
  Text<128> server;  // http://host:port or https://host, without an ending slash
  uint8_t key[kKeyBytes] = {};

  // False if something is missing: then only a cable, or the sketch itself, brings a new image.
  bool load(Store& store) {
    if (!store.get("product_id", &productId) || productId.empty()) return false;
    if (!store.get("server", &server) || server.empty()) return false;
    if (strncmp(server.c_str(), "http://", 7) != 0 && strncmp(server.c_str(), "https://", 8) != 0) return false;
    hasOther_ = readKey(store, kOldKey, other_);
    return readKey(store, kKey, key);
  }

  // Takes a key that came sealed in the answer to the call with this nonce. False, and nothing is changed, if it is
  // damaged, the present one, or cannot be stored.
  AIRSKETCH_OUT_OF_LINE bool takeKey(Store& store, const char* nonce, const char* sealed) {
    char digits[kSealedBytes];
    uint8_t fresh[kKeyBytes];
    if (!unseal(key, "device_key", 0, nonce, sealed, digits) || !fromHex(digits, fresh, sizeof fresh)) return false;
    if (sameBytes(fresh, key, sizeof key)) return false;
    if (!writeKey(store, kOldKey, key)) return false;
    // If the next write fails, the stored key is one of the two: the old one goes on, and `settleKey` cleans up.
    hasOther_ = isOld_ = true;
    memcpy(other_, fresh, sizeof fresh);
    if (!writeKey(store, kKey, fresh)) return false;
    swapKeys();
    return true;
  }

  // The server refused the present key: goes on with the other one. True if that is worth a call at once, because the
  // other one was not refused in this round.
  bool tryOtherKey() {
    if (!hasOther_) return false;
    swapKeys();
    return isOld_;
  }

  // The server took a check-in under the present key, so this one alone stays. True if it is the old one: the server
  // does not know the newer.
  AIRSKETCH_OUT_OF_LINE bool settleKey(Store& store) {
    if (!hasOther_) return false;
    uint8_t stored[kKeyBytes];
    const bool isStored = readKey(store, kKey, stored) && sameBytes(stored, key, sizeof key);
    if (!isStored && !writeKey(store, kKey, key)) return isOld_;
    store.remove(kOldKey);
    hasOther_ = false;
    const bool wasOld = isOld_;
    isOld_ = false;
    return wasOld;
  }

 private:
  static constexpr const char* kKey = "device_key";
  static constexpr const char* kOldKey = "old_key";

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
    isOld_ = !isOld_;
  }

  uint8_t other_[kKeyBytes] = {};
  bool hasOther_ = false;
  bool isOld_ = false;  // `key` is the former of the two
};

}  // namespace airsketch
