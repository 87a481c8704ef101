// Who the bot is, as the first flash put it into the store.
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
    Text<64> digits;
    if (!store.get("product_id", &productId) || productId.empty()) return false;
    if (!store.get("server", &server) || server.empty()) return false;
    if (strncmp(server.c_str(), "http://", 7) != 0 && strncmp(server.c_str(), "https://", 8) != 0) return false;
    return store.get("device_key", &digits) && fromHex(digits.c_str(), key, sizeof key);
  }
};

}  // namespace airsketch
