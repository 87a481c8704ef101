// The body of a check-in request, and the sealed network settings in its response.
#pragma once

#include "../platform/Flash.h"
#include "Networks.h"
#include "CheckInResponse.h"

namespace airsketch {

// What made the bot check in.
enum class CheckInTrigger : uint8_t { kBoot, kPoll, kButton };

inline const char* toString(CheckInTrigger trigger) {
  switch (trigger) {
    case CheckInTrigger::kBoot:
      return "boot";
    case CheckInTrigger::kPoll:
      return "poll";
    case CheckInTrigger::kButton:
      break;
  }
  return "button";
}

// How the running image was started.
enum class BootKind : uint8_t { kNormal, kRescue, kRolledBack };

inline const char* toString(BootKind boot) {
  switch (boot) {
    case BootKind::kNormal:
      return "normal";
    case BootKind::kRescue:
      return "rescue";
    case BootKind::kRolledBack:
      break;
  }
  return "rolled_back";
}

struct BotStatus {
  bool inRescue = false;
  bool rolledBack = false;
  bool logs = false;  // the wireless log is on

  BootKind boot() const {
    return rolledBack ? BootKind::kRolledBack : inRescue ? BootKind::kRescue : BootKind::kNormal;
  }
};

using CheckInBody = Text<1024>;

// `version` stays empty: the server names the release of any image it has ever built or received by `image_digest`.
// A version compiled into the image would make every build unique and defeat all compile caches.
inline void writeCheckIn(CheckInBody* out, Flash& flash, System& system, Wifi& wifi, const Networks& networks,
                         BotStatus status, CheckInTrigger trigger, bool rollbackRequested) {
  Text<64> digest;
  Text<16> slot;
  flash.runningDigest(&digest);
  flash.runningSlot(&slot);
  const int64_t heap_bytes = system.freeHeap_bytes() < INT32_MAX ? system.freeHeap_bytes() : INT32_MAX;
  out->set("{\"board\":\"");
  out->addEscaped(system.board()).add("\",\"image_digest\":\"").add(digest.c_str());
  out->add("\",\"version\":\"\",\"slot\":\"").addEscaped(slot.c_str());
  out->add("\",\"boot\":\"").add(toString(status.boot()));
  out->add("\",\"reset_reason\":\"").addEscaped(system.resetReason());
  out->add("\",\"uptime_s\":").add(static_cast<int64_t>(system.now_ms() / 1000 & INT32_MAX));
  out->add(",\"free_heap_bytes\":").add(heap_bytes);
  out->add(",\"rssi_dbm\":").add(int64_t{wifi.rssi_dbm()});
  out->add(",\"trigger\":\"").add(toString(trigger));
  out->add("\",\"network_revision\":").add(int64_t{networks.revision()});
  if (networks.failedRevision() > 0) {
    out->add(",\"network_failed_revision\":").add(int64_t{networks.failedRevision()});
    out->add(",\"network_trouble\":\"").add(toString(networks.trialError())).add("\"");
  }
  out->add(",\"log\":").add(status.logs ? "true" : "false");
  if (rollbackRequested) out->add(",\"wish\":\"former\"");
  out->add("}");
}

// Opens the network settings in the response to the request with this nonce. False if they are damaged.
inline bool openNetwork(const SealedNetwork& sealed, const uint8_t key[kKeyBytes], const char* nonce, Network* out) {
  char text[kSealedBytes];
  out->revision = sealed.revision;
  if (!unseal(key, "ssid", sealed.revision, nonce, sealed.ssid, text) || !*text) return false;
  out->ssid.add(text);
  if (!unseal(key, "password", sealed.revision, nonce, sealed.password, text)) return false;
  out->password.add(text);
  return true;
}

}  // namespace airsketch
