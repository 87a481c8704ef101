// The body of a check-in: one request says everything. And the sealed network of its answer.
#pragma once

#include "../platform/Flash.h"
#include "Networks.h"
#include "Orders.h"

namespace airsketch {

enum class CheckInTrigger : uint8_t { kBoot, kPoll, kButton };

struct BotFacts {
  bool inRescue = false;
  bool rolledBack = false;
  bool logs = false;  // the wireless log is on
};

using CheckInBody = Text<1024>;

inline void writeCheckIn(CheckInBody* out, Flash& flash, System& system, Wifi& wifi, const Networks& networks,
                         BotFacts bot, CheckInTrigger trigger, bool wantsFormer) {
  constexpr const char* kTriggers[] = {"boot", "poll", "button"};
  Text<64> digest;
  Text<16> slot;
  flash.runningDigest(&digest);
  flash.runningSlot(&slot);
  const int64_t heap_bytes = system.freeHeap_bytes() < INT32_MAX ? system.freeHeap_bytes() : INT32_MAX;
  out->set("{\"board\":\"");
  out->addEscaped(system.board()).add("\",\"image_digest\":\"").add(digest.c_str());
  out->add("\",\"version\":\"\",\"slot\":\"").addEscaped(slot.c_str());
  out->add("\",\"boot\":\"").add(bot.rolledBack ? "rolled_back" : bot.inRescue ? "rescue" : "normal");
  out->add("\",\"reset_reason\":\"").addEscaped(system.resetReason());
  out->add("\",\"uptime_s\":").add(static_cast<int64_t>(system.now_ms() / 1000 & INT32_MAX));
  out->add(",\"free_heap_bytes\":").add(heap_bytes);
  out->add(",\"rssi_dbm\":").add(int64_t{wifi.rssi_dbm()});
  out->add(",\"trigger\":\"").add(kTriggers[static_cast<uint8_t>(trigger)]);
  out->add("\",\"network_revision\":").add(int64_t{networks.revision()});
  if (networks.failedRevision() > 0) {
    out->add(",\"network_failed_revision\":").add(int64_t{networks.failedRevision()});
    out->add(",\"network_trouble\":\"").add(toString(networks.trialTrouble())).add("\"");
  }
  out->add(",\"log\":").add(bot.logs ? "true" : "false");
  if (wantsFormer) out->add(",\"wish\":\"former\"");
  out->add("}");
}

// The network of a signed answer to the call with this nonce. False if it is damaged.
inline bool openNetwork(const NetworkOrder& order, const uint8_t key[kKeyBytes], const char* nonce, Network* out) {
  char text[kSealedBytes];
  out->revision = order.revision;
  if (!unseal(key, "ssid", order.revision, nonce, order.ssid, text) || !*text) return false;
  out->ssid.add(text);
  if (!unseal(key, "password", order.revision, nonce, order.password, text)) return false;
  out->password.add(text);
  return true;
}

}  // namespace airsketch
