// One update: the sketch is asked, the image is downloaded and installed; or it failed, and the server is told.
#pragma once

#include "../AirsketchBot.h"
#include "Download.h"
#include "Panel.h"
#include "Reports.h"

namespace airsketch {

using AirsketchBot::Offer;
using AirsketchBot::Reply;
using AirsketchBot::State;

// The longest pause between two steps of the agent.
constexpr uint32_t kPause_ms = 100;

struct Hooks {
  Reply (*onOffer)(const Offer&) = nullptr;
  void (*onProgress)(uint32_t, uint32_t) = nullptr;
  void (*onEnd)() = nullptr;
  void (*onError)(OtaError) = nullptr;
};

class Update {
 public:
  Update(Download& download, Reports& reports, Flash& flash, Store& store, System& system, Panel& panel)
      : download_(download), reports_(reports), flash_(flash), store_(store), system_(system), panel_(panel) {}

  // kDownloading, kInstalling or kRestarting; kIdle while there is no update.
  State state() const { return state_; }
  bool isOpen() const { return state_ != State::kIdle; }
  // The new image starts next.
  bool isInstalled() const { return state_ == State::kRestarting; }
  OtaError lastError() const { return lastError_; }
  Hooks& hooks() { return hooks_; }

  // Takes the offer, postpones it, or refuses it. `byButton`: a person asked for it at the bot.
  void consider(const OfferedImage& offer, bool byButton, bool inRescue) {
    offer_ = &offer;
    Text<kSignatureDigits> bad;
    if (store_.get("bad", &bad) && !strcmp(bad.c_str(), offer.sha256) && !byButton)
      return fail(OtaError::kOther, "rolled back before: press its button after sending");
    const Offer shown{offer.version.c_str(), static_cast<uint32_t>(offer.size_bytes)};
    const Reply reply = hooks_.onOffer && !inRescue ? hooks_.onOffer(shown) : Reply::kAccept;
    if (reply == Reply::kLater) return;
    if (reply == Reply::kRefuse) return fail(OtaError::kRefusedBySketch);
    const OtaError error = download_.begin(offer);
    if (error != OtaError::kNone) return fail(error);
    panel_.say("downloading a new image");
    state_ = State::kDownloading;
    next_ms_ = 0;
    report("downloading", 0, "");
  }

  // One bounded piece of work. Returns after how many milliseconds the next may be due.
  uint32_t step(uint64_t now_ms) {
    if (now_ms < next_ms_) return until(next_ms_, now_ms);
    switch (download_.step()) {
      case DownloadState::kGoesOn:
        if (hooks_.onProgress) hooks_.onProgress(download_.done_bytes(), static_cast<uint32_t>(offer_->size_bytes));
        return 0;
      case DownloadState::kWaits:
        next_ms_ = system_.now_ms() + download_.wait_ms();
        return until(next_ms_, system_.now_ms());
      case DownloadState::kComplete:
        install();
        break;
      case DownloadState::kFailed:
        fail(download_.error());
        break;
      case DownloadState::kCalledOff:
        panel_.say("the update was called off");
        state_ = State::kIdle;
    }
    return kPause_ms;
  }

  // Says once more what did not get through. False if it still did not.
  bool tellFailure() {
    if (isUntold_) isUntold_ = !report("failed", 0, failure_.c_str());
    return !isUntold_;
  }

  // An answer that was not the server's.
  void noteBadSignature() { lastError_ = OtaError::kBadSignature; }

 private:
  static uint32_t until(uint64_t then_ms, uint64_t now_ms) {
    return then_ms - now_ms < kPause_ms ? static_cast<uint32_t>(then_ms - now_ms) : kPause_ms;
  }

  void install() {
    state_ = State::kInstalling;
    report("installing", offer_->size_bytes, "");
    const OtaError error = flash_.finish();
    if (error != OtaError::kNone) return fail(error);
    // Only now: a power cut before the switch must not look like a rollback.
    store_.set("trial", offer_->sha256);
    state_ = State::kRestarting;
    report("restarting", offer_->size_bytes, "");
    if (hooks_.onEnd) hooks_.onEnd();
    panel_.say("restarting into the new image");
  }

  AIRSKETCH_OUT_OF_LINE void fail(OtaError error, const char* words = nullptr) {
    state_ = State::kIdle;
    lastError_ = error;
    failure_.set(words ? words : toString(error));
    panel_.say(failure_.c_str());
    isUntold_ = !report("failed", 0, failure_.c_str());
    if (hooks_.onError) hooks_.onError(error);
  }

  bool report(const char* state, int64_t done_bytes, const char* error) {
    return reports_.send(offer_->updateId.c_str(), state, done_bytes, error);
  }

  Download& download_;
  Reports& reports_;
  Flash& flash_;
  Store& store_;
  System& system_;
  Panel& panel_;
  const OfferedImage* offer_ = nullptr;
  Hooks hooks_;
  Text<80> failure_;
  State state_ = State::kIdle;
  OtaError lastError_ = OtaError::kNone;
  uint64_t next_ms_ = 0;
  bool isUntold_ = false;
};

}  // namespace airsketch
