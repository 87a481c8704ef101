// The agent: start, link, check-in, orders. One object for each bot, moved on by `step`.
#pragma once

#include "CheckIn.h"
#include "Update.h"

namespace airsketch {

class Session {
 public:
  static constexpr uint32_t kNever_ms = UINT32_MAX;
  // A new image that has found no Wi-Fi for so long is given up; its predecessor had one.
  static constexpr uint64_t kTrialLimit_ms = 10 * 60 * 1000;

  Session(Transport& transport, Flash& flash, Store& store, Wifi& wifi, System& system)
      : flash_(flash),
        store_(store),
        wifi_(wifi),
        system_(system),
        client_(transport, system, identity_, counter_),
        download_(client_, transport, flash, system, counter_, store),
        reports_(client_, system, counter_, store),
        panel_(system),
        update_(download_, reports_, flash, store, system, panel_) {}

  // Call once after power-up. True if the sketch must not be started.
  bool start() {
    system_.loadBootRecord(&record_);
    facts_.inRescue = guard_.startBoot(&record_, system_.bootCause());
    panel_.load(store_);
    facts_.logs = readFlag(store_, kLogKey);
    facts_.inRescue = facts_.inRescue || system_.mustBeRescue() || panel_.triggerIsDown();
    system_.saveBootRecord(record_);
    isSetUp_ = identity_.load(store_);
    if (!isSetUp_) {
      // Nobody will judge this image later, so it stays.
      flash_.confirm();
      return facts_.inRescue = false;
    }
    counter_.startBoot(store_);
    networks_.load(store_, wifi_.hasOwnNetwork());
    facts_.rolledBack = flash_.wasRolledBack() && readTrial();
    state_ = State::kJoining;
    panel_.say(facts_.inRescue ? "rescue: the sketch is not started" : "the agent is here");
    return facts_.inRescue;
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
    panel_.showLamp(lampIsLit(state(), facts_.inRescue, networks_.trouble(), now_ms));
    return panel_.isUsed() && wait_ms > Trigger::kSample_ms ? Trigger::kSample_ms : wait_ms;
  }

  void checkNow() { isAsked_ = true; }

  State state() const { return update_.isOpen() ? update_.state() : state_; }
  OtaError lastError() const { return update_.lastError(); }
  Trouble trouble() const { return networks_.trouble(); }
  bool logs() const { return facts_.logs; }
  LogRing& ring() { return ring_; }
  Hooks& hooks() { return update_.hooks(); }

 private:
  static constexpr const char* kLogKey = "log";

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
        panel_.say("long press: restart into rescue");
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
    if (update_.isOpen()) return goOnUpdating(now_ms);
    if (isAsked_) {
      isAsked_ = false;
      networks_.forgetFailures();
      if (trigger_kind_ == CheckInTrigger::kPoll) trigger_kind_ = CheckInTrigger::kButton;
      next_ms_ = now_ms;
    }
    if (now_ms >= next_ms_) return checkIn();
    if (facts_.logs) reports_.sendLog(ring_, now_ms);
    return kPause_ms;
  }

  uint32_t waitForLink(uint64_t now_ms) {
    if (state_ == State::kIdle) state_ = State::kJoining;
    if (!wasAnswered_ && now_ms >= kTrialLimit_ms && flash_.isOnTrial()) {
      panel_.say("no Wi-Fi with the new image: back to the former one");
      restart();
    }
    return kPause_ms;
  }

  uint32_t goOnUpdating(uint64_t now_ms) {
    const uint32_t wait_ms = update_.step(now_ms);
    if (update_.isInstalled()) {
      guard_.restartsForNewImage();
      restart();
    }
    if (!update_.isOpen()) waitForPoll();
    return wait_ms;
  }

  AIRSKETCH_OUT_OF_LINE uint32_t checkIn() {
    if (!update_.tellFailure()) return failedCall({});
    state_ = State::kChecking;
    // A new image is stored as good before the check-in that names it: what the server calls confirmed, the bootloader
    // then never gives up, whenever the power goes.
    if (!wasAnswered_ && flash_.isOnTrial()) {
      const Answer answer = reports_.knock();
      if (!isFromServer(answer)) return failedCall(answer);
      wasAnswered();
    }
    CheckInBody body;
    writeCheckIn(&body, flash_, system_, wifi_, networks_, facts_, trigger_kind_, wantsFormer_);
    const Answer answer = client_.post("/device/v1/check-in", body.c_str(), body.size());
    if (isFromServer(answer)) wasAnswered();
    if (answer.result != CallResult::kAnswered) return failedCall(answer);
    const bool wasNewKeyRefused = identity_.settleKey(store_);
    const char* const json = reinterpret_cast<const char*>(client_.buffer());
    orders_ = Orders();
    if (!OrdersReader(json, answer.size_bytes, &orders_).read()) return failedCall(answer);
    state_ = State::kIdle;
    backoff_.succeeded();
    // Under the new key the same is said once more; its answer brings the orders.
    if (*orders_.newKey && !wasNewKeyRefused && identity_.takeKey(store_, client_.nonce(), orders_.newKey)) return 0;
    return obey();
  }

  static bool isFromServer(const Answer& answer) {
    return answer.result == CallResult::kAnswered || answer.result == CallResult::kRefused;
  }

  // A signed answer of the server reached this image: it has proven that it can be replaced, so it may stay.
  void wasAnswered() {
    if (!wasAnswered_) flash_.confirm();
    wasAnswered_ = true;
    networks_.worked(store_);
  }

  AIRSKETCH_OUT_OF_LINE uint32_t failedCall(const Answer& answer) {
    state_ = State::kIdle;
    if (answer.result == CallResult::kUnsigned && answer.status == 401 && identity_.tryOtherKey()) return 0;
    const Trouble trouble = answer.looksLikePortal ? Trouble::kCaptivePortal : Trouble::kServerSilent;
    if (!isFromServer(answer)) networks_.failed(trouble, system_.now_ms());
    if (answer.result == CallResult::kUnsigned) update_.noteBadSignature();
    panel_.say(answer.result == CallResult::kUnsigned ? "an answer without the server's signature" : "no answer");
    uint32_t wait_ms = backoff_.next_ms(system_.random());
    if (answer.result == CallResult::kRefused && !strcmp(answer.code.c_str(), "replayed")) {
      counter_.escapeReplay(store_);
      wait_ms = kPause_ms;
    }
    next_ms_ = system_.now_ms() + wait_ms;
    return kPause_ms;
  }

  uint32_t obey() {
    const bool byButton = trigger_kind_ == CheckInTrigger::kButton;
    const bool wantedFormer = wantsFormer_;
    trigger_kind_ = CheckInTrigger::kPoll;
    wantsFormer_ = false;
    if (facts_.rolledBack || !isTrialForgotten_) store_.remove("trial");
    isTrialForgotten_ = true;
    facts_.rolledBack = false;
    waitForPoll();
    if (orders_.hasLog) switchLog(orders_.log);
    Network network;
    const bool isNetworkSound =
        orders_.hasNetwork && openNetwork(orders_.network, identity_.key, client_.nonce(), &network);
    if (isNetworkSound) networks_.tryNew(network);
    if (orders_.hasOffer)
      update_.consider(orders_.offer, byButton, facts_.inRescue);
    else if (wantedFormer && flash_.returnToFormer())
      restart();
    return update_.isOpen() ? 0 : kPause_ms;
  }

  void switchLog(bool on) {
    facts_.logs = on;
    store_.set(kLogKey, on ? "1" : "0");
  }

  void waitForPoll() { next_ms_ = system_.now_ms() + Backoff::spread_ms(orders_.poll_after_s, system_.random()); }

  void restart() {
    system_.saveBootRecord(record_);
    system_.restart();
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
  Update update_;
  Networks networks_;
  BootGuard guard_;
  BootRecord record_ = {};
  BotFacts facts_;
  LogRing ring_;
  Orders orders_;
  Backoff backoff_{5000, 300000};
  State state_ = State::kManual;
  CheckInTrigger trigger_kind_ = CheckInTrigger::kBoot;
  uint64_t next_ms_ = 0;
  bool isSetUp_ = false;
  bool isAsked_ = false;
  bool wantsFormer_ = false;
  bool wasAnswered_ = false;
  bool isTrialForgotten_ = false;
};

}  // namespace airsketch
