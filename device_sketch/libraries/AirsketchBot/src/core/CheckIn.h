// The body of a check-in: one request says everything.
#pragma once

#include "../platform/Flash.h"
#include "Networks.h"

namespace airsketch {

enum class CheckInTrigger : uint8_t { kBoot, kPoll, kButton };

struct BootFacts {
  bool inRescue = false;
  bool rolledBack = false;
};

using CheckInBody = Text<1024>;

inline void writeCheckIn(CheckInBody* out, Flash& flash, System& system, Wifi& wifi, const Networks& networks,
                         BootFacts boot, CheckInTrigger trigger, bool wantsFormer) {
  constexpr const char* kTriggers[] = {"boot", "poll", "button"};
  Text<64> digest;
  Text<16> slot;
  flash.runningDigest(&digest);
  flash.runningSlot(&slot);
  const int64_t heap_bytes = system.freeHeap_bytes() < INT32_MAX ? system.freeHeap_bytes() : INT32_MAX;
  out->set("{\"board\":\"");
  out->addEscaped(system.board()).add("\",\"image_digest\":\"").add(digest.c_str());
  out->add("\",\"version\":\"\",\"slot\":\"").addEscaped(slot.c_str());
  out->add("\",\"boot\":\"").add(boot.rolledBack ? "rolled_back" : boot.inRescue ? "rescue" : "normal");
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
  if (wantsFormer) out->add(",\"wish\":\"former\"");
  out->add("}");
}

}  // namespace airsketch
