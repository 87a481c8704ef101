// One update: asks the sketch, downloads and installs the image, and reports progress or failure to the server.
#pragma once

#include "../AirsketchBot.h"
#include "Download.h"
#include "Ui.h"
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
  Update(Download& download, Reports& reports, Flash& flash, Store& store, System& system, Ui& ui)
      : download_(download), reports_(reports), flash_(flash), store_(store), system_(system), ui_(ui) {}

  // kDownloading, kInstalling or kRestarting; kIdle while there is no update.
  State state() const { return state_; }
  bool isOpen() const { return state_ != State::kIdle; }
  // The next restart boots the new image.
  bool isInstalled() const { return state_ == State::kRestarting; }
  OtaError lastError() const { return lastError_; }
  Hooks& hooks() { return hooks_; }

  // Accepts, postpones or refuses an offer. `byButton`: somebody pressed the trigger button for it.
  void handleOffer(const OfferedImage& offer, bool byButton, bool inRescue) {
    offer_ = &offer;
    Text<kSignatureDigits> rolledBack;
    if (store_.get(keys::kRolledBack, &rolledBack) && !strcmp(rolledBack.c_str(), offer.sha256) && !byButton)
      return fail(OtaError::kOther, "rolled back before: press its button after sending");
    const Offer forSketch{offer.version.c_str(), static_cast<uint32_t>(offer.size_bytes)};
    const Reply reply = hooks_.onOffer && !inRescue ? hooks_.onOffer(forSketch) : Reply::kAccept;
    if (reply == Reply::kLater) return;
    if (reply == Reply::kRefuse) return fail(OtaError::kRefusedBySketch);
    const OtaError error = download_.begin(offer);
    if (error != OtaError::kNone) return fail(error);
    ui_.print("downloading update");
    state_ = State::kDownloading;
    next_ms_ = 0;
    report(ReportState::kDownloading, 0, "");
  }

  // Does one bounded piece of work. Returns the milliseconds until the next call.
  uint32_t step(uint64_t now_ms) {
    if (now_ms < next_ms_) return until(next_ms_, now_ms);
    switch (download_.step()) {
      case DownloadState::kInProgress:
        if (hooks_.onProgress) hooks_.onProgress(download_.done_bytes(), static_cast<uint32_t>(offer_->size_bytes));
        return 0;
      case DownloadState::kWaiting:
        next_ms_ = system_.now_ms() + download_.wait_ms();
        return until(next_ms_, system_.now_ms());
      case DownloadState::kComplete:
        install();
        break;
      case DownloadState::kFailed:
        fail(download_.error());
        break;
      case DownloadState::kCancelled:
        ui_.print("update cancelled");
        state_ = State::kIdle;
    }
    return kPause_ms;
  }

  // Reports a failure again that did not reach the server. False if it still did not.
  bool retryFailureReport() {
    if (hasUnreportedFailure_) hasUnreportedFailure_ = !report(ReportState::kFailed, 0, failure_.c_str());
    return !hasUnreportedFailure_;
  }

  // A response without the server's signature arrived.
  void noteBadSignature() { lastError_ = OtaError::kBadSignature; }

 private:
  static uint32_t until(uint64_t then_ms, uint64_t now_ms) {
    return then_ms - now_ms < kPause_ms ? static_cast<uint32_t>(then_ms - now_ms) : kPause_ms;
  }

  void install() {
    state_ = State::kInstalling;
    report(ReportState::kInstalling, offer_->size_bytes, "");
    const OtaError error = flash_.finish();
    if (error != OtaError::kNone) return fail(error);
    // Not earlier: a power cut before the switch must not look like a rollback.
    store_.set(keys::kTrial, offer_->sha256);
    state_ = State::kRestarting;
    report(ReportState::kRestarting, offer_->size_bytes, "");
    if (hooks_.onEnd) hooks_.onEnd();
    ui_.print("restarting into the new image");
  }

  AIRSKETCH_OUT_OF_LINE void fail(OtaError error, const char* detail = nullptr) {
    state_ = State::kIdle;
    lastError_ = error;
    failure_.set(detail ? detail : toString(error));
    ui_.print(failure_.c_str());
    hasUnreportedFailure_ = !report(ReportState::kFailed, 0, failure_.c_str());
    if (hooks_.onError) hooks_.onError(error);
  }

  bool report(ReportState state, int64_t done_bytes, const char* error) {
    return reports_.send(offer_->updateId.c_str(), state, done_bytes, error);
  }

  Download& download_;
  Reports& reports_;
  Flash& flash_;
  Store& store_;
  System& system_;
  Ui& ui_;
  const OfferedImage* offer_ = nullptr;
  Hooks hooks_;
  Text<80> failure_;
  State state_ = State::kIdle;
  OtaError lastError_ = OtaError::kNone;
  uint64_t next_ms_ = 0;
  bool hasUnreportedFailure_ = false;
};

}  // namespace airsketch
