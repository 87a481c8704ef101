// The stored Wi-Fi networks, tried in turn, and a new one on trial: it is stored only after the server was reached
// through it, so a mistyped password cannot lock the bot out.
//
// Stored are the newest network and the previous one as "revision LF password LF SSID", and as a last resort the SSID
// and password of the first flash.
#pragma once

#include "../platform/Store.h"
#include "../platform/System.h"
#include "../platform/Wifi.h"
#include "Backoff.h"
#include "StoreKeys.h"

namespace airsketch {

struct Network {
  uint32_t revision = 0;
  Text<64> ssid;
  Text<64> password;
};

class Networks {
 public:
  static constexpr uint32_t kJoinLimit_ms = 20000;  // a home router answers in 2 to 8 s
  static constexpr uint8_t kTrialCalls = 2;         // failed check-ins before a new network is given up

  // `hasOwn`: the board knows a network by itself, joined by an empty SSID.
  void load(Store& store, bool hasOwn) {
    hasOwn_ = hasOwn;
    count_ = 0;
    constexpr const char* kKeys[] = {keys::kWifi, keys::kPreviousWifi};
    for (const char* key : kKeys) {
      Text<kStoredBytes> stored;
      if (store.get(key, &stored) && parse(stored.c_str(), &networks_[count_])) count_++;
    }
    revision_ = count_ > 0 ? networks_[0].revision : 0;
    networks_[count_] = Network();
    if (store.get(keys::kSsid, &networks_[count_].ssid) && !networks_[count_].ssid.empty()) {
      store.get(keys::kPassword, &networks_[count_].password);
      count_++;
    }
    if (count_ == 0 && hasOwn) count_ = 1;
  }

  // Connects the bot to one of its networks; call it often. Returns the current state of the link.
  Link step(Wifi& wifi, System& system) {
    const Link link = wifi.link();
    const uint64_t now_ms = system.now_ms();
    if (startsTrial_) return join(wifi, now_ms, trial_);
    if (link == Link::kUp) return cameUp();
    if (wasUp_) startOver(now_ms, 0);
    if (!isJoining_ && isSketchJoining(link, now_ms)) return Link::kJoining;
    if (isJoining_) {
      const NetworkError error = wifi.joinError();
      if (error == NetworkError::kNone && now_ms - since_ms_ < kJoinLimit_ms) return Link::kJoining;
      error_ = error == NetworkError::kNone ? NetworkError::kNoSuchNetwork : error;
      giveUpJoin(system, now_ms);
    }
    if (count_ == 0 || now_ms < next_ms_) return Link::kDown;
    return join(wifi, now_ms, networks_[at_ % count_]);
  }

  void tryNew(const Network& network) {
    if (network.revision == failedRevision_ || network.revision <= revision_) return;
    trial_ = network;
    isTrial_ = startsTrial_ = true;
    trialCalls_ = 0;
  }

  // The server answered over the current link.
  void worked(Store& store) {
    error_ = NetworkError::kNone;
    if (!isTrial_ || startsTrial_ || !wasUp_) return;
    isTrial_ = false;
    Text<kStoredBytes> previous;
    if (store.get(keys::kWifi, &previous)) store.set(keys::kPreviousWifi, previous.c_str());
    Text<kStoredBytes> stored;
    stored.add(int64_t{trial_.revision}).add("\n").add(trial_.password.c_str()).add("\n").add(trial_.ssid.c_str());
    store.set(keys::kWifi, stored.c_str());
    load(store, hasOwn_);
    at_ = 0;
  }

  // The link is up but the server did not answer.
  void failed(NetworkError error, uint64_t now_ms) {
    error_ = error;
    if (isTrial_ && wasUp_ && ++trialCalls_ >= kTrialCalls) dropTrial(now_ms);
  }

  // Somebody pressed the button: a network that failed gets another chance.
  void forgetFailures() { failedRevision_ = 0; }

  // True once after a network on trial was given up while connected to it: the previous one must be joined.
  bool takeRejoin() {
    const bool must = mustRejoin_;
    mustRejoin_ = false;
    return must && count_ > 0;
  }

  Link rejoin(Wifi& wifi, System& system) { return join(wifi, system.now_ms(), networks_[0]); }

  bool isTrying() const { return isTrial_; }
  uint32_t revision() const { return revision_; }
  uint32_t failedRevision() const { return failedRevision_; }
  NetworkError error() const { return error_; }
  // Of the new network that failed; kept for the check-in while another network works.
  NetworkError trialError() const { return trialError_; }

 private:
  static constexpr size_t kStoredBytes = 10 + 1 + 64 + 1 + 64;

  static bool parse(const char* stored, Network* out) {
    const char* const password = strchr(stored, '\n');
    const char* const ssid = password ? strchr(password + 1, '\n') : nullptr;
    if (!ssid || !ssid[1]) return false;
    *out = Network();
    out->revision = numberOr(Text<10>().add(stored, static_cast<size_t>(password - stored)).c_str(), 0);
    out->password.add(password + 1, static_cast<size_t>(ssid - password - 1));
    out->ssid.add(ssid + 1);
    return true;
  }

  Link join(Wifi& wifi, uint64_t now_ms, const Network& network) {
    startsTrial_ = false;
    wasUp_ = false;
    isJoining_ = true;
    since_ms_ = now_ms;
    wifi.join(network.ssid.c_str(), network.password.c_str());
    return Link::kJoining;
  }

  // A sketch that joins its own network gets time to do so.
  bool isSketchJoining(Link link, uint64_t now_ms) {
    if (link != Link::kJoining) {
      sketchSince_ms_ = 0;
      return false;
    }
    if (sketchSince_ms_ == 0) sketchSince_ms_ = now_ms;
    return now_ms - sketchSince_ms_ < kJoinLimit_ms;
  }

  Link cameUp() {
    wasUp_ = true;
    isJoining_ = false;
    backoff_.succeeded();
    return Link::kUp;
  }

  void startOver(uint64_t now_ms, uint8_t at) {
    wasUp_ = false;
    isJoining_ = false;
    at_ = at;
    next_ms_ = now_ms;
  }

  void giveUpJoin(System& system, uint64_t now_ms) {
    if (isTrial_) return dropTrial(now_ms);
    isJoining_ = false;
    at_++;
    next_ms_ = now_ms;
    if (count_ > 0 && at_ % count_ == 0) next_ms_ += backoff_.next_ms(system.random());
  }

  void dropTrial(uint64_t now_ms) {
    isTrial_ = false;
    failedRevision_ = trial_.revision;
    trialError_ = error_;
    startOver(now_ms, 0);
    mustRejoin_ = true;
  }

  Network networks_[3];
  Network trial_;
  uint8_t count_ = 0;
  uint8_t at_ = 0;
  uint8_t trialCalls_ = 0;
  bool isTrial_ = false;
  bool startsTrial_ = false;
  bool isJoining_ = false;
  bool wasUp_ = false;
  bool mustRejoin_ = false;
  bool hasOwn_ = false;
  uint32_t revision_ = 0;
  uint32_t failedRevision_ = 0;
  uint64_t since_ms_ = 0;
  uint64_t sketchSince_ms_ = 0;
  uint64_t next_ms_ = 0;
  NetworkError error_ = NetworkError::kNone;
  NetworkError trialError_ = NetworkError::kNone;
  Backoff backoff_{5000, 60000};
};

}  // namespace airsketch
