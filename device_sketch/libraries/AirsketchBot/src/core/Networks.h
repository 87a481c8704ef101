// The stored Wi-Fi networks, tried in turn, and a new one on trial: it is stored only when the server answered through
// it, so a mistyped password never costs the way back.
//
// Stored texts: "wifi" and "wifi_old" as revision LF password LF name, and "ssid" and "pass" from the first flash.
#pragma once

#include "../platform/Store.h"
#include "../platform/System.h"
#include "../platform/Wifi.h"
#include "Backoff.h"

namespace airsketch {

struct Network {
  uint32_t revision = 0;
  Text<64> ssid;
  Text<64> password;
};

class Networks {
 public:
  static constexpr uint32_t kJoinLimit_ms = 20000;  // a home router answers in 2 to 8 s
  static constexpr uint8_t kTrialCalls = 2;         // check-ins without an answer before a new network is given up

  // `hasOwn`: the board knows a network by itself, joined by an empty name.
  void load(Store& store, bool hasOwn) {
    hasOwn_ = hasOwn;
    count_ = 0;
    constexpr const char* kKeys[] = {"wifi", "wifi_old"};
    for (const char* key : kKeys) {
      Text<kStoredBytes> stored;
      if (store.get(key, &stored) && parse(stored.c_str(), &known_[count_])) count_++;
    }
    revision_ = count_ > 0 ? known_[0].revision : 0;
    known_[count_] = Network();
    if (store.get("ssid", &known_[count_].ssid) && !known_[count_].ssid.empty()) {
      store.get("pass", &known_[count_].password);
      count_++;
    }
    if (count_ == 0 && hasOwn) count_ = 1;
  }

  // Brings the bot onto one of its networks; call it often. Says how the link is now.
  Link step(Wifi& wifi, System& system) {
    const Link link = wifi.link();
    const uint64_t now_ms = system.now_ms();
    if (startsTrial_) return join(wifi, now_ms, trial_);
    if (link == Link::kUp) return cameUp();
    if (wasUp_) startOver(now_ms, 0);
    if (!isJoining_ && isSketchJoining(link, now_ms)) return Link::kJoining;
    if (isJoining_) {
      const Trouble trouble = wifi.trouble();
      if (trouble == Trouble::kNone && now_ms - since_ms_ < kJoinLimit_ms) return Link::kJoining;
      trouble_ = trouble == Trouble::kNone ? Trouble::kNoSuchNetwork : trouble;
      giveUpJoin(system, now_ms);
    }
    if (count_ == 0 || now_ms < next_ms_) return Link::kDown;
    return join(wifi, now_ms, known_[at_ % count_]);
  }

  void tryNew(const Network& network) {
    if (network.revision == failedRevision_ || network.revision <= revision_) return;
    trial_ = network;
    isTrial_ = startsTrial_ = true;
    trialCalls_ = 0;
  }

  // The server answered through the present link.
  void worked(Store& store) {
    trouble_ = Trouble::kNone;
    if (!isTrial_ || startsTrial_ || !wasUp_) return;
    isTrial_ = false;
    Text<kStoredBytes> before;
    if (store.get("wifi", &before)) store.set("wifi_old", before.c_str());
    Text<kStoredBytes> stored;
    stored.add(int64_t{trial_.revision}).add("\n").add(trial_.password.c_str()).add("\n").add(trial_.ssid.c_str());
    store.set("wifi", stored.c_str());
    load(store, hasOwn_);
    at_ = 0;
  }

  // The link is up but the server did not answer.
  void failed(Trouble trouble, uint64_t now_ms) {
    trouble_ = trouble;
    if (isTrial_ && wasUp_ && ++trialCalls_ >= kTrialCalls) dropTrial(now_ms);
  }

  // A person asks: also a network that failed gets another chance.
  void forgetFailures() { failedRevision_ = 0; }

  // True once after a network on trial was given up while its link is up: the old one must be joined.
  bool takeRejoin() {
    const bool must = mustRejoin_;
    mustRejoin_ = false;
    return must && count_ > 0;
  }

  Link rejoin(Wifi& wifi, System& system) { return join(wifi, system.now_ms(), known_[0]); }

  bool isTrying() const { return isTrial_; }
  uint32_t revision() const { return revision_; }
  uint32_t failedRevision() const { return failedRevision_; }
  Trouble trouble() const { return trouble_; }
  // Of the new network that failed; it stays for the report while another network works.
  Trouble trialTrouble() const { return trialTrouble_; }

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

  // A sketch that joins a network of its own gets time for it.
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
    trialTrouble_ = trouble_;
    startOver(now_ms, 0);
    mustRejoin_ = true;
  }

  Network known_[3];
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
  Trouble trouble_ = Trouble::kNone;
  Trouble trialTrouble_ = Trouble::kNone;
  Backoff backoff_{5000, 60000};
};

}  // namespace airsketch
