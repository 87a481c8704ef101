// The agent: connects, checks in, and carries out what the server answers. One object per bot, driven by `step`.
#pragma once

#include "CheckIn.h"
#include "Update.h"

namespace airsketch {

class Session {
 public:
  static constexpr uint32_t kNever_ms = UINT32_MAX;
  // A new image that finds no Wi-Fi within this time is rolled back: the previous one had a connection.
  static constexpr uint64_t kTrialLimit_ms = 10 * 60 * 1000;

  Session(Transport& transport, Flash& flash, Store& store, Wifi& wifi, System& system)
      : flash_(flash),
        store_(store),
        wifi_(wifi),
        system_(system),
        client_(transport, system, identity_, counter_),
        download_(client_, transport, flash, system, counter_, store),
        reports_(client_, system, counter_, store),
        ui_(system),
        update_(download_, reports_, flash, store, system, ui_) {}

  // Call once after a reset. True if the sketch must not be started.
  bool start() {
    system_.loadBootRecord(&record_);
    status_.inRescue = guard_.startBoot(&record_, system_.bootCause());
    ui_.load(store_);
    status_.logs = readFlag(store_, keys::kLog);
    status_.inRescue = status_.inRescue || system_.isRescueForced() || ui_.isTriggerPressed();
    system_.saveBootRecord(record_);
    isSetUp_ = identity_.load(store_);
    if (!isSetUp_) {
      // No server will ever confirm this image, so it is kept.
      flash_.confirm();
      return status_.inRescue = false;
    }
    counter_.startBoot(store_);
    networks_.load(store_, wifi_.hasOwnNetwork());
    status_.rolledBack = flash_.wasRolledBack() && readTrial();
    state_ = State::kJoining;
    ui_.print(status_.inRescue ? "rescue mode: the sketch is not started" : "agent started");
    return status_.inRescue;
  }

  // Does one bounded piece of work. Returns the milliseconds until the next call.
  uint32_t step() {
    if (!isSetUp_) return kNever_ms;
    const uint64_t now_ms = system_.now_ms();
    pollTrigger(now_ms);
    if (guard_.isOpen() && now_ms >= uint64_t{BootGuard::kHealthyAfter_s} * 1000) {
      guard_.markHealthy();
      system_.saveBootRecord(record_);
    }
    const uint32_t wait_ms = work(now_ms);
    ui_.setLed(ledIsOn(state(), status_.inRescue, networks_.error(), now_ms));
    return ui_.isUsed() && wait_ms > Trigger::kSample_ms ? Trigger::kSample_ms : wait_ms;
  }

  void checkNow() { isCheckRequested_ = true; }

  State state() const { return update_.isOpen() ? update_.state() : state_; }
  OtaError lastError() const { return update_.lastError(); }
  NetworkError networkError() const { return networks_.error(); }
  bool logs() const { return status_.logs; }
  LogRing& ring() { return ring_; }
  Hooks& hooks() { return update_.hooks(); }

 private:
  void pollTrigger(uint64_t now_ms) {
    switch (ui_.pollTrigger(now_ms)) {
      case Press::kNone:
        return;
      case Press::kShort:
        return checkNow();
      case Press::kDouble:
        rollbackRequested_ = true;
        return checkNow();
      case Press::kLong:
        ui_.print("long press: restarting into rescue mode");
        guard_.prepareRescueRestart();
        restart();
    }
  }

  bool readTrial() {
    Text<kSignatureDigits> trial;
    if (!store_.get(keys::kTrial, &trial)) return false;
    store_.set(keys::kRolledBack, trial.c_str());
    return true;
  }

  uint32_t work(uint64_t now_ms) {
    if (networks_.takeRejoin()) networks_.rejoin(wifi_, system_);
    if (networks_.step(wifi_, system_) != Link::kUp) return waitForLink(now_ms);
    if (state_ == State::kJoining) state_ = State::kIdle;
    if (update_.isOpen()) return continueUpdate(now_ms);
    if (isCheckRequested_) {
      isCheckRequested_ = false;
      networks_.forgetFailures();
      if (trigger_kind_ == CheckInTrigger::kPoll) trigger_kind_ = CheckInTrigger::kButton;
      next_ms_ = now_ms;
    }
    if (now_ms >= next_ms_) return checkIn();
    if (status_.logs) reports_.sendLog(ring_, now_ms);
    return kPause_ms;
  }

  uint32_t waitForLink(uint64_t now_ms) {
    if (state_ == State::kIdle) state_ = State::kJoining;
    if (!hasServerAnswered_ && now_ms >= kTrialLimit_ms && flash_.isOnTrial()) {
      ui_.print("the new image finds no Wi-Fi: rolling back");
      restart();
    }
    return kPause_ms;
  }

  uint32_t continueUpdate(uint64_t now_ms) {
    const uint32_t wait_ms = update_.step(now_ms);
    if (update_.isInstalled()) {
      guard_.prepareUpdateRestart();
      restart();
    }
    if (!update_.isOpen()) waitForPoll();
    return wait_ms;
  }

  AIRSKETCH_OUT_OF_LINE uint32_t checkIn() {
    if (!update_.retryFailureReport()) return handleFailedCall({});
    state_ = State::kChecking;
    // A new image is confirmed on the bot before the check-in that reports it: the bootloader then never rolls back
    // what the server has recorded as confirmed, whenever the power goes.
    if (!hasServerAnswered_ && flash_.isOnTrial()) {
      const Answer answer = reports_.ping();
      if (!isFromServer(answer)) return handleFailedCall(answer);
      onServerAnswer();
    }
    CheckInBody body;
    writeCheckIn(&body, flash_, system_, wifi_, networks_, status_, trigger_kind_, rollbackRequested_);
    const Answer answer = client_.post("/device/v1/check-in", body.c_str(), body.size());
    if (isFromServer(answer)) onServerAnswer();
    if (answer.result != CallResult::kAnswered) return handleFailedCall(answer);
    const bool wasNewKeyRefused = identity_.settleKey(store_);
    const char* const json = reinterpret_cast<const char*>(client_.buffer());
    response_ = CheckInResponse();
    if (!CheckInResponseReader(json, answer.size_bytes, &response_).read()) return handleFailedCall(answer);
    state_ = State::kIdle;
    backoff_.succeeded();
    // The same check-in is sent again, signed with the new key; the response to that one counts.
    if (*response_.newKey && !wasNewKeyRefused && identity_.takeKey(store_, client_.nonce(), response_.newKey))
      return 0;
    return applyResponse();
  }

  static bool isFromServer(const Answer& answer) {
    return answer.result == CallResult::kAnswered || answer.result == CallResult::kRefused;
  }

  // A signed response proves that this image can reach the server, so it can be updated and may stay.
  void onServerAnswer() {
    if (!hasServerAnswered_) flash_.confirm();
    hasServerAnswered_ = true;
    networks_.worked(store_);
  }

  AIRSKETCH_OUT_OF_LINE uint32_t handleFailedCall(const Answer& answer) {
    state_ = State::kIdle;
    if (answer.result == CallResult::kUnsigned && answer.status == 401 && identity_.tryOtherKey()) return 0;
    const NetworkError error = answer.looksLikePortal ? NetworkError::kCaptivePortal : NetworkError::kServerSilent;
    if (!isFromServer(answer)) networks_.failed(error, system_.now_ms());
    if (answer.result == CallResult::kUnsigned) update_.noteBadSignature();
    ui_.print(answer.result == CallResult::kUnsigned ? "response without a valid server signature"
                                                     : "no response from the server");
    uint32_t wait_ms = backoff_.next_ms(system_.random());
    if (answer.result == CallResult::kRefused && !strcmp(answer.code.c_str(), "replayed")) {
      counter_.escapeReplay(store_);
      wait_ms = kPause_ms;
    }
    next_ms_ = system_.now_ms() + wait_ms;
    return kPause_ms;
  }

  uint32_t applyResponse() {
    const bool byButton = trigger_kind_ == CheckInTrigger::kButton;
    const bool rollbackRequested = rollbackRequested_;
    trigger_kind_ = CheckInTrigger::kPoll;
    rollbackRequested_ = false;
    if (status_.rolledBack || !isTrialCleared_) store_.remove(keys::kTrial);
    isTrialCleared_ = true;
    status_.rolledBack = false;
    waitForPoll();
    if (response_.hasLog) switchLog(response_.log);
    Network network;
    const bool isNetworkValid =
        response_.hasNetwork && openNetwork(response_.network, identity_.key, client_.nonce(), &network);
    if (isNetworkValid) networks_.tryNew(network);
    if (response_.hasOffer)
      update_.handleOffer(response_.offer, byButton, status_.inRescue);
    else if (rollbackRequested && flash_.returnToPrevious())
      restart();
    return update_.isOpen() ? 0 : kPause_ms;
  }

  void switchLog(bool on) {
    status_.logs = on;
    store_.set(keys::kLog, on ? "1" : "0");
  }

  void waitForPoll() { next_ms_ = system_.now_ms() + Backoff::spread_ms(response_.poll_after_s, system_.random()); }

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
  Ui ui_;
  Update update_;
  Networks networks_;
  BootGuard guard_;
  BootRecord record_ = {};
  BotStatus status_;
  LogRing ring_;
  CheckInResponse response_;
  Backoff backoff_{5000, 300000};
  State state_ = State::kManual;
  CheckInTrigger trigger_kind_ = CheckInTrigger::kBoot;
  uint64_t next_ms_ = 0;
  bool isSetUp_ = false;
  bool isCheckRequested_ = false;
  bool rollbackRequested_ = false;
  bool hasServerAnswered_ = false;
  bool isTrialCleared_ = false;
};

}  // namespace airsketch
