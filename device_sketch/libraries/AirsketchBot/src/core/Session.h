// The agent: check-in, offer, download, switch, restart, confirm. One object for each bot, moved on by `step`.
#pragma once

#include "../AirsketchBot.h"
#include "CheckIn.h"
#include "Download.h"
#include "Panel.h"
#include "Reports.h"

namespace airsketch {

using AirsketchBot::Offer;
using AirsketchBot::Reply;
using AirsketchBot::State;

struct Hooks {
  Reply (*onOffer)(const Offer&) = nullptr;
  void (*onProgress)(uint32_t, uint32_t) = nullptr;
  void (*onEnd)() = nullptr;
  void (*onError)(OtaError) = nullptr;
};

class Session {
 public:
  static constexpr uint32_t kNever_ms = UINT32_MAX;
  // A new image that has found no Wi-Fi for so long is given up; its predecessor had one.
  static constexpr uint64_t kTrialLimit_ms = 10 * 60 * 1000;
  static constexpr uint32_t kPause_ms = 100;

  Session(Transport& transport, Flash& flash, Store& store, Wifi& wifi, System& system)
      : flash_(flash),
        store_(store),
        wifi_(wifi),
        system_(system),
        client_(transport, system, identity_, counter_),
        download_(client_, transport, flash, system, counter_, store),
        reports_(client_, system, counter_, store),
        panel_(system) {}

  // Call once after power-up. True if the sketch must not be started.
  bool start() {
    system_.loadBootRecord(&record_);
    boot_.inRescue = guard_.startBoot(&record_, system_.bootCause());
    panel_.load(store_);
    says_ = readFlag(store_, "say");
    logs_ = readFlag(store_, "log");
    boot_.inRescue = boot_.inRescue || system_.mustBeRescue() || panel_.triggerIsDown();
    system_.saveBootRecord(record_);
    isSetUp_ = identity_.load(store_);
    if (!isSetUp_) {
      // Nobody will judge this image later, so it stays.
      flash_.confirm();
      return boot_.inRescue = false;
    }
    counter_.startBoot(store_);
    networks_.load(store_, wifi_.hasOwnNetwork());
    boot_.rolledBack = flash_.wasRolledBack() && readTrial();
    state_ = State::kJoining;
    say(boot_.inRescue ? "rescue: the sketch is not started" : "the agent is here");
    return boot_.inRescue;
  }

  // Does one bounded piece of work. Returns after how many milliseconds the next may be due.
  uint32_t step() {
    if (!isSetUp_) return kNever_ms;
    const uint64_t now_ms = system_.now_ms();
    watchTrigger(now_ms);
    if (guard_.isOpen() && now_ms >= uint64_t{BootGuard::kGoodAfter_s} * 1000) {
      guard_.livedLongEnough();
      system_.saveBootRecord(record_);
    }
    const uint32_t wait_ms = work(now_ms);
    panel_.showLamp(lampIsLit(state_, boot_.inRescue, networks_.trouble(), now_ms));
    return panel_.isUsed() && wait_ms > Trigger::kSample_ms ? Trigger::kSample_ms : wait_ms;
  }

  void checkNow() { isAsked_ = true; }

  State state() const { return state_; }
  bool inRescue() const { return boot_.inRescue; }
  OtaError lastError() const { return lastError_; }
  Trouble trouble() const { return networks_.trouble(); }
  bool logs() const { return logs_; }
  LogRing& ring() { return ring_; }
  Hooks& hooks() { return hooks_; }

 private:
  void watchTrigger(uint64_t now_ms) {
    switch (panel_.watchTrigger(now_ms)) {
      case Press::kNone:
        return;
      case Press::kShort:
        return checkNow();
      case Press::kDouble:
        wantsFormer_ = true;
        return checkNow();
      case Press::kLong:
        say("long press: restart into rescue");
        guard_.restartsForRescue();
        restart();
    }
  }

  bool readTrial() {
    Text<kSignatureDigits> trial;
    if (!store_.get("trial", &trial)) return false;
    store_.set("bad", trial.c_str());
    return true;
  }

  uint32_t work(uint64_t now_ms) {
    if (networks_.takeRejoin()) networks_.rejoin(wifi_, system_);
    if (networks_.step(wifi_, system_) != Link::kUp) return waitForLink(now_ms);
    if (state_ == State::kJoining) state_ = State::kIdle;
    if (state_ == State::kDownloading) return now_ms < next_ms_ ? until(next_ms_, now_ms) : stepDownload();
    if (isAsked_) {
      isAsked_ = false;
      networks_.forgetFailures();
      if (trigger_kind_ == CheckInTrigger::kPoll) trigger_kind_ = CheckInTrigger::kButton;
      next_ms_ = now_ms;
    }
    if (now_ms >= next_ms_) return checkIn();
    if (logs_) reports_.sendLog(ring_, now_ms);
    return kPause_ms;
  }

  uint32_t waitForLink(uint64_t now_ms) {
    if (state_ == State::kIdle) state_ = State::kJoining;
    if (!wasAnswered_ && now_ms >= kTrialLimit_ms && flash_.isOnTrial()) {
      say("no Wi-Fi with the new image: back to the former one");
      restart();
    }
    return kPause_ms;
  }

  static uint32_t until(uint64_t then_ms, uint64_t now_ms) {
    return then_ms - now_ms < kPause_ms ? static_cast<uint32_t>(then_ms - now_ms) : kPause_ms;
  }

  AIRSKETCH_OUT_OF_LINE uint32_t checkIn() {
    if (unsentFailure_ && !report("failed", 0, failure_.c_str())) return failedCall({});
    unsentFailure_ = false;
    state_ = State::kChecking;
    CheckInBody body;
    writeCheckIn(&body, flash_, system_, wifi_, networks_, boot_, trigger_kind_, wantsFormer_);
    const Answer answer = client_.post("/device/v1/check-in", body.c_str(), body.size());
    state_ = State::kIdle;
    if (answer.result == CallResult::kAnswered || answer.result == CallResult::kRefused) wasAnswered();
    const char* const json = reinterpret_cast<const char*>(client_.buffer());
    orders_ = Orders();
    if (answer.result != CallResult::kAnswered || !OrdersReader(json, answer.size_bytes, &orders_).read())
      return failedCall(answer);
    return obey();
  }

  // A signed answer of the server reached this image: it has proven that it can be replaced, so it may stay.
  void wasAnswered() {
    if (!wasAnswered_) flash_.confirm();
    wasAnswered_ = true;
    networks_.worked(store_);
  }

  uint32_t failedCall(const Answer& answer) {
    const bool silent = answer.result == CallResult::kNotConnected || answer.result == CallResult::kUnsigned;
    const Trouble trouble = answer.looksLikePortal ? Trouble::kCaptivePortal : Trouble::kServerSilent;
    if (silent) networks_.failed(trouble, system_.now_ms());
    if (answer.result == CallResult::kUnsigned) lastError_ = OtaError::kBadSignature;
    say(answer.result == CallResult::kUnsigned ? "an answer without the server's signature" : "no answer");
    uint32_t wait_ms = backoff_.next_ms(system_.random());
    if (answer.result == CallResult::kRefused && !strcmp(answer.code.c_str(), "replayed")) {
      counter_.escapeReplay(store_);
      wait_ms = kPause_ms;
    }
    next_ms_ = system_.now_ms() + wait_ms;
    return kPause_ms;
  }

  uint32_t obey() {
    backoff_.succeeded();
    const CheckInTrigger asked = trigger_kind_;
    const bool wantedFormer = wantsFormer_;
    trigger_kind_ = CheckInTrigger::kPoll;
    wantsFormer_ = false;
    if (boot_.rolledBack || !isTrialForgotten_) store_.remove("trial");
    isTrialForgotten_ = true;
    boot_.rolledBack = false;
    next_ms_ = system_.now_ms() + Backoff::spread_ms(orders_.poll_after_s, system_.random());
    if (orders_.hasNetwork) takeNetwork();
    if (orders_.hasOffer) return consider(asked);
    if (wantedFormer && flash_.returnToFormer()) restart();
    return kPause_ms;
  }

  void takeNetwork() {
    Network network;
    char text[kSealedBytes];
    network.revision = orders_.network.revision;
    const uint32_t revision = network.revision;
    if (!unseal(identity_.key, "ssid", revision, client_.nonce(), orders_.network.ssid, text) || !*text) return;
    network.ssid.add(text);
    if (!unseal(identity_.key, "password", revision, client_.nonce(), orders_.network.password, text)) return;
    network.password.add(text);
    networks_.tryNew(network);
  }

  uint32_t consider(CheckInTrigger asked) {
    const OfferedImage& offer = orders_.offer;
    Text<kSignatureDigits> bad;
    if (store_.get("bad", &bad) && !strcmp(bad.c_str(), offer.sha256) && asked != CheckInTrigger::kButton)
      return fail(OtaError::kOther, "rolled back before: press its button after sending");
    const Offer shown{offer.version.c_str(), static_cast<uint32_t>(offer.size_bytes)};
    const Reply reply = hooks_.onOffer && !boot_.inRescue ? hooks_.onOffer(shown) : Reply::kAccept;
    if (reply == Reply::kLater) return kPause_ms;
    if (reply == Reply::kRefuse) return fail(OtaError::kRefusedBySketch);
    const OtaError error = download_.begin(offer);
    if (error != OtaError::kNone) return fail(error);
    say("downloading a new image");
    state_ = State::kDownloading;
    next_ms_ = 0;
    report("downloading", 0, "");
    return 0;
  }

  uint32_t stepDownload() {
    switch (download_.step()) {
      case DownloadState::kGoesOn:
        if (hooks_.onProgress)
          hooks_.onProgress(download_.done_bytes(), static_cast<uint32_t>(orders_.offer.size_bytes));
        return 0;
      case DownloadState::kWaits:
        next_ms_ = system_.now_ms() + download_.wait_ms();
        return until(next_ms_, system_.now_ms());
      case DownloadState::kComplete:
        return install();
      case DownloadState::kFailed:
        return fail(download_.error());
      case DownloadState::kCalledOff:
        break;
    }
    say("the update was called off");
    return backToIdle();
  }

  uint32_t install() {
    state_ = State::kInstalling;
    report("installing", orders_.offer.size_bytes, "");
    const OtaError error = flash_.finish();
    if (error != OtaError::kNone) return fail(error);
    // Only now: a power cut before the switch must not look like a rollback.
    store_.set("trial", orders_.offer.sha256);
    state_ = State::kRestarting;
    report("restarting", orders_.offer.size_bytes, "");
    if (hooks_.onEnd) hooks_.onEnd();
    say("restarting into the new image");
    guard_.restartsForNewImage();
    restart();
    return kPause_ms;
  }

  AIRSKETCH_OUT_OF_LINE uint32_t fail(OtaError error, const char* words = nullptr) {
    lastError_ = error;
    failure_.set(words ? words : toString(error));
    say(failure_.c_str());
    unsentFailure_ = !report("failed", 0, failure_.c_str());
    if (hooks_.onError) hooks_.onError(error);
    return backToIdle();
  }

  uint32_t backToIdle() {
    state_ = State::kIdle;
    next_ms_ = system_.now_ms() + Backoff::spread_ms(orders_.poll_after_s, system_.random());
    return kPause_ms;
  }

  bool report(const char* state, int64_t done_bytes, const char* error) {
    return reports_.send(orders_.offer.updateId.c_str(), state, done_bytes, error);
  }

  void restart() {
    system_.saveBootRecord(record_);
    system_.restart();
  }

  AIRSKETCH_OUT_OF_LINE void say(const char* line) {
    if (says_) system_.say(line);
  }

  Flash& flash_;
  Store& store_;
  Wifi& wifi_;
  System& system_;
  Identity identity_;
  CallCounter counter_;
  Client client_;
  Download download_;
  Reports reports_;
  Panel panel_;
  Networks networks_;
  BootGuard guard_;
  BootRecord record_ = {};
  BootFacts boot_;
  LogRing ring_;
  Hooks hooks_;
  Orders orders_;
  Backoff backoff_{5000, 300000};
  Text<80> failure_;
  State state_ = State::kManual;
  CheckInTrigger trigger_kind_ = CheckInTrigger::kBoot;
  OtaError lastError_ = OtaError::kNone;
  uint64_t next_ms_ = 0;
  bool says_ = false;
  bool logs_ = false;
  bool isSetUp_ = false;
  bool isAsked_ = false;
  bool wantsFormer_ = false;
  bool wasAnswered_ = false;
  bool isTrialForgotten_ = false;
  bool unsentFailure_ = false;
};

}  // namespace airsketch
