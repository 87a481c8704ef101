// Downloads an offered image into the spare slot: hashed on the fly, resumed after a lost connection.
#pragma once

#include "../platform/Flash.h"
#include "Backoff.h"
#include "Client.h"

namespace airsketch {

enum class DownloadState : uint8_t {
  kInProgress,  // call `step` again
  kWaiting,     // call `step` again after `wait_ms`
  kComplete,    // size and digest are right; nothing is switched yet
  kFailed,      // `error` tells why; the slot was discarded
  kCancelled,   // the server has closed the update
};

class Download {
 public:
  // In a row, without a single new byte. Including the waits between them that takes about three minutes.
  static constexpr uint8_t kMaxFailures = 8;

  Download(Client& client, Transport& transport, Flash& flash, System& system, CallCounter& counter, Store& store)
      : client_(client), transport_(transport), flash_(flash), system_(system), counter_(counter), store_(store) {}

  OtaError begin(const OfferedImage& offer) {
    offer_ = &offer;
    retriedDigest_ = false;
    backoff_.succeeded();
    if (offer.size_bytes < static_cast<int64_t>(kStartBytes)) return OtaError::kWrongSize;
    if (offer.size_bytes > static_cast<int64_t>(flash_.slot_bytes())) return OtaError::kTooBig;
    return restart();
  }

  // Does one bounded piece of work: opens the transfer, or moves at most one buffer of it.
  DownloadState step() {
    if (!isOpen_) return openTransfer();
    const int64_t rest = offer_->size_bytes - static_cast<int64_t>(done_bytes_);
    // One byte more than the rest, so that bytes after the end do not go unnoticed.
    const size_t wanted = rest + 1 < static_cast<int64_t>(kBufferBytes) ? static_cast<size_t>(rest + 1) : kBufferBytes;
    const int32_t count = transport_.read(client_.buffer(), wanted);
    if (count < 0) return lostConnection();
    if (count > rest) return fail(OtaError::kWrongSize);
    if (count > 0) return take(client_.buffer(), static_cast<size_t>(count));
    close();
    return rest > 0 ? lostConnection() : finishTransfer();
  }

  void abort() {
    close();
    flash_.abort();
  }

  uint32_t done_bytes() const { return done_bytes_; }
  uint32_t wait_ms() const { return wait_ms_; }
  OtaError error() const { return error_; }

 private:
  static constexpr size_t kStartBytes = 24;  // the header of an ESP32 image

  AIRSKETCH_OUT_OF_LINE OtaError restart() {
    done_bytes_ = 0;
    isForOtherChip_ = false;
    hash_.reset();
    return flash_.begin(static_cast<uint32_t>(offer_->size_bytes));
  }

  DownloadState openTransfer() {
    HttpAnswer head;
    Answer refusal;
    Text<32> range("bytes=");
    range.add(int64_t{done_bytes_}).add("-");
    if (!client_.get(offer_->path.c_str(), done_bytes_ > 0 ? range.c_str() : nullptr, &head, &refusal))
      return refused(refusal);
    isOpen_ = true;
    if (head.status == 200 && done_bytes_ > 0) {
      const OtaError error = restart();
      if (error != OtaError::kNone) return fail(error);
    }
    const int64_t rest = offer_->size_bytes - static_cast<int64_t>(done_bytes_);
    if (head.status == 206 && !isRangeValid(head.contentRange)) return fail(OtaError::kWrongSize);
    if (head.size_bytes >= 0 && head.size_bytes != rest) return fail(OtaError::kWrongSize);
    return DownloadState::kInProgress;
  }

  bool isRangeValid(const char* given) const {
    Text<64> expected("bytes ");
    expected.add(int64_t{done_bytes_}).add("-").add(offer_->size_bytes - 1).add("/").add(offer_->size_bytes);
    return !strcmp(given, expected.c_str());
  }

  DownloadState refused(const Answer& refusal) {
    if (refusal.result != CallResult::kRefused || refusal.status >= 500 || refusal.status == 429)
      return lostConnection();
    if (!strcmp(refusal.code.c_str(), "replayed")) {
      counter_.escapeReplay(store_);
      return lostConnection();
    }
    abort();
    return DownloadState::kCancelled;
  }

  // The first bytes are held back until they tell which chip the image is for. An image for another chip is hashed but
  // not written: its digest tells whether it really is one, or was damaged in transit.
  DownloadState take(const uint8_t* bytes, size_t size) {
    hash_.add(bytes, size);
    backoff_.succeeded();
    size_t rest = size;
    for (; rest > 0 && done_bytes_ < kStartBytes; rest--) start_[done_bytes_++] = *bytes++;
    OtaError error = OtaError::kNone;
    if (rest < size && done_bytes_ == kStartBytes) {
      isForOtherChip_ = !flash_.isForThisChip(start_, kStartBytes);
      if (!isForOtherChip_) error = flash_.write(start_, kStartBytes);
    }
    if (!isForOtherChip_ && rest > 0 && error == OtaError::kNone) error = flash_.write(bytes, rest);
    done_bytes_ += static_cast<uint32_t>(rest);
    return error == OtaError::kNone ? DownloadState::kInProgress : fail(error);
  }

  DownloadState finishTransfer() {
    uint8_t digest[kDigestBytes], expected[kDigestBytes];
    hash_.finish(digest);
    if (fromHex(offer_->sha256, expected, sizeof expected) && sameBytes(digest, expected, sizeof digest))
      return isForOtherChip_ ? fail(OtaError::kWrongBoard) : DownloadState::kComplete;
    // Now and then a corrupted byte passes the checksums of Wi-Fi and TCP: try once more from the start.
    if (retriedDigest_) return fail(OtaError::kWrongDigest);
    retriedDigest_ = true;
    const OtaError error = restart();
    return error == OtaError::kNone ? DownloadState::kInProgress : fail(error);
  }

  AIRSKETCH_OUT_OF_LINE DownloadState lostConnection() {
    close();
    if (backoff_.failures() >= kMaxFailures) return fail(OtaError::kConnection);
    wait_ms_ = backoff_.next_ms(system_.random());
    return DownloadState::kWaiting;
  }

  AIRSKETCH_OUT_OF_LINE DownloadState fail(OtaError error) {
    abort();
    error_ = error;
    return DownloadState::kFailed;
  }

  void close() {
    if (isOpen_) transport_.close();
    isOpen_ = false;
  }

  Client& client_;
  Transport& transport_;
  Flash& flash_;
  System& system_;
  CallCounter& counter_;
  Store& store_;
  const OfferedImage* offer_ = nullptr;
  Backoff backoff_{500, 60000};
  Sha256 hash_;
  uint32_t done_bytes_ = 0;
  uint32_t wait_ms_ = 0;
  uint8_t start_[kStartBytes] = {};
  bool isOpen_ = false;
  bool isForOtherChip_ = false;  // according to its first bytes
  bool retriedDigest_ = false;
  OtaError error_ = OtaError::kNone;
};

}  // namespace airsketch
