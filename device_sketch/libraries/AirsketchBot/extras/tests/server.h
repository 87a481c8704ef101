// A simulated server and network: verifies and signs every call, and injects faults on request.
#pragma once

#include <doctest/doctest.h>

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "core/Signing.h"
#include "platform/Transport.h"

enum class Fault { kNone, kCut, kStall, kCorrupt, kRepeat };

struct Call {
  std::string method, path, body;
  int status;
};

class ModelServer final : public airsketch::Transport {
 public:
  int32_t open(const airsketch::HttpRequest& request, airsketch::HttpAnswer* out) override {
    onMoment();
    const long number = opened_++;
    if (isDown || number == refuseCall) return kFailed;
    std::map<std::string, std::string> headers;
    for (size_t at = 0; at < request.headerCount; at++) headers[request.headers[at].name] = request.headers[at].value;
    answer(request, headers);
    if (number == loseAnswer) return kFailed;
    if (number == forgeAnswer) signature_[3] = signature_[3] == '0' ? '1' : '0';
    if (number == replayAnswerAt && !firstBody_.empty()) body_ = firstBody_, signature_ = firstSignature_;
    if (firstBody_.empty()) firstBody_ = body_, firstSignature_ = signature_;
    out->status = status_;
    out->size_bytes = sendsLength ? static_cast<int64_t>(body_.size()) : -1;
    copy(signature_, out->serverSignature, sizeof out->serverSignature);
    copy(range_, out->contentRange, sizeof out->contentRange);
    at_ = 0;
    isOpen_ = true;
    onMoment();
    return 0;
  }

  int32_t read(void* out, size_t capacity) override {
    onMoment();
    if (!isOpen_) return kFailed;
    size_t size = std::min({capacity, body_.size() - at_, size_t{chunk_bytes}});
    const bool isHit = fault != Fault::kNone && faultAtByte >= sent_ && faultAtByte < sent_ + static_cast<long>(size);
    if (isHit) return injectFault(static_cast<char*>(out), capacity);
    memcpy(out, body_.data() + at_, size);
    at_ += size;
    sent_ += static_cast<long>(size);
    return static_cast<int32_t>(size);
  }

  void close() override { isOpen_ = false; }

  // What the server offers; empty: nothing.
  std::string image;
  std::string updateId = "u1";
  std::string sha256;       // of the offer; empty: the right one
  long sizeInOffer = -1;    // -1: the right one
  std::string imageServed;  // empty: `image`
  std::string network;      // JSON of the network settings
  std::string extra;        // more fields of a check-in response, each with a leading comma
  // The accepted keys, in hex. The first call signed with `nextKey` makes it the only one.
  std::string key = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";
  std::string nextKey;
  bool offersNewKey = false;  // `nextKey` is sent to the bot
  bool isClosed = false;      // the update has ended
  bool isConfirmed = false;   // the bot has reported that it runs the image
  bool isDown = false;
  bool sendsLength = true;
  bool ignoresRanges = false;
  uint32_t chunk_bytes = 1000;
  // A fault at the nth byte of all response bodies, once.
  Fault fault = Fault::kNone;
  long faultAtByte = -1;
  bool faultFromImage = false;  // counted from the first byte of the image instead
  // A fault at the nth call, counted from 0.
  long refuseCall = -1, loseAnswer = -1, forgeAnswer = -1, replayAnswerAt = -1;

  std::function<void()> onMoment = [] {};
  std::vector<Call> calls;
  std::string lastCounter;
  long sentBytes() const { return sent_; }
  long openedCalls() const { return opened_; }

  std::vector<std::string> reports() const {
    std::vector<std::string> states;
    for (const Call& call : calls)
      if (call.path.find("/reports") != std::string::npos) states.push_back(call.body);
    return states;
  }
  const Call* lastCheckIn() const {
    for (auto call = calls.rbegin(); call != calls.rend(); ++call)
      if (call->path == "/device/v1/check-in" && call->status == 200) return &*call;
    return nullptr;
  }

 private:
  void answer(const airsketch::HttpRequest& request, std::map<std::string, std::string>& headers) {
    const std::string body(static_cast<const char*>(request.body), request.bodySize);
    REQUIRE(headers["X-Device-Id"] == "bot_001");
    range_.clear();
    status_ = 200;
    nonce_ = headers["X-Device-Nonce"];
    if (!isSignedWith(key, request, headers)) {
      if (!isSignedWith(nextKey, request, headers)) return refuseUnsigned(request);
      key = nextKey;
      nextKey.clear();
      lastCounter.clear();
    }
    if (headers["X-Device-Counter"] <= lastCounter) {
      refuse(409, "replayed");
    } else {
      lastCounter = headers["X-Device-Counter"];
      route(request.path, headers["Range"], body);
    }
    calls.push_back({request.method, request.path, body, status_});
    sign();
  }

  static bool isSignedWith(const std::string& digits, const airsketch::HttpRequest& request,
                           std::map<std::string, std::string>& headers) {
    uint8_t bytes[32];
    char expected[65];
    if (!airsketch::fromHex(digits.c_str(), bytes, sizeof bytes)) return false;
    airsketch::requestSignature(bytes,
                                {request.method, request.path, headers["X-Device-Counter"].c_str(),
                                 headers["X-Device-Nonce"].c_str(), request.body, request.bodySize},
                                expected);
    return headers["X-Device-Signature"] == expected;
  }

  void refuseUnsigned(const airsketch::HttpRequest& request) {
    refuse(401, "unauthorised");
    signature_.clear();
    calls.push_back({request.method, request.path, "", status_});
  }

  void route(const std::string& path, const std::string& range, const std::string& body) {
    if (path == "/device/v1/check-in") return checkIn(body);
    if (path.find("/reports") != std::string::npos)
      return isClosed ? refuse(410, "update_closed") : respond("{\"state\":\"downloading\"}");
    if (path == "/device/v1/log") return respond("");
    if (path != "/device/v1/firmware/" + updateId || isClosed) return refuse(410, "update_closed");
    const std::string& served = imageServed.empty() ? image : imageServed;
    const size_t from = range.empty() || ignoresRanges ? 0 : std::stoul(range.substr(6));
    respond(served.substr(from));
    if (faultFromImage) {
      faultAtByte += sent_;
      faultFromImage = false;
    }
    if (from == 0) return;
    status_ = 206;
    const std::string size = std::to_string(served.size());
    range_ = "bytes " + std::to_string(from) + "-" + std::to_string(served.size() - 1) + "/" + size;
  }

  void checkIn(const std::string& body) {
    std::string update = "null";
    const std::string digest = digestOf(image);
    // The bot reports that it runs the image: the update has succeeded.
    if (body.find("\"image_digest\":\"" + digest) != std::string::npos) isClosed = isConfirmed = true;
    if (!image.empty() && !isClosed) {
      const long size = sizeInOffer < 0 ? static_cast<long>(image.size()) : sizeInOffer;
      update = "{\"update_id\":\"" + updateId +
               "\",\"release\":\"r\",\"version\":\"1\",\"size_bytes\":" + std::to_string(size) + ",\"sha256\":\"" +
               (sha256.empty() ? digest : sha256) + "\",\"url\":\"/device/v1/firmware/" + updateId + "\"}";
    }
    const bool sendsKey = offersNewKey && !nextKey.empty();
    respond("{\"poll_after_s\":60,\"update\":" + update + ",\"network\":" + (network.empty() ? "null" : network) +
            (sendsKey ? ",\"new_key\":\"" + sealed(nextKey) + "\"" : "") + extra + "}");
  }

  static std::string digestOf(const std::string& bytes) {
    char digits[65];
    airsketch::bodyDigest(bytes.data(), bytes.size(), digits);
    return digits;
  }

  void respond(const std::string& body) { body_ = body; }

  void refuse(int status, const char* code) {
    status_ = status;
    body_ = std::string("{\"status\":") + std::to_string(status) + ",\"code\":\"" + code + "\"}";
  }

  // By the description in docs/DEVICE_API.md, section 3.
  std::string sealed(const std::string& text) const {
    uint8_t bytes[32], fieldKey[32], block[96] = {static_cast<uint8_t>(text.size())};
    char digits[2 * 65 + 1];
    REQUIRE(airsketch::fromHex(key.c_str(), bytes, sizeof bytes));
    airsketch::Hmac(bytes, sizeof bytes).add("v1 network key").finish(fieldKey);
    memcpy(block + 1, text.data(), text.size());
    for (size_t at = 0; at < sizeof block; at += 32) {
      const std::string message = "device_key\n0\n" + nonce_ + "\n" + std::to_string(at / 32);
      airsketch::Hmac(fieldKey, sizeof fieldKey).add(message.c_str()).finish(bytes);
      for (size_t i = 0; i < 32; i++) block[at + i] ^= bytes[i];
    }
    airsketch::toHex(block, 65, digits);
    return digits;
  }

  void sign() {
    airsketch::Text<512> message("v1\n");
    char digits[65];
    uint8_t code[32], bytes[32];
    REQUIRE(airsketch::fromHex(key.c_str(), bytes, sizeof bytes));
    airsketch::bodyDigest(body_.data(), body_.size(), digits);
    message.add(int64_t{status_}).add("\n").add(nonce_.c_str()).add("\n").add(digits);
    airsketch::Hmac(bytes, sizeof bytes).add(message.c_str()).finish(code);
    airsketch::toHex(code, sizeof code, digits);
    signature_ = digits;
  }

  int32_t injectFault(char* out, size_t capacity) {
    const size_t before = static_cast<size_t>(faultAtByte - sent_);
    const Fault kind = fault;
    fault = Fault::kNone;
    if (kind == Fault::kCut || kind == Fault::kStall) {
      // What came before the fault arrives; the next read fails.
      memcpy(out, body_.data() + at_, before);
      at_ = body_.size();
      sent_ += static_cast<long>(before);
      isOpen_ = false;
      return before > 0 && kind == Fault::kCut ? static_cast<int32_t>(before) : kFailed;
    }
    if (kind == Fault::kCorrupt) {
      body_[at_ + before] = static_cast<char>(body_[at_ + before] ^ 0x10);
    } else {
      body_.insert(at_ + before, 1, body_[at_ + before]);
    }
    return read(out, capacity);
  }

  static void copy(const std::string& text, char* out, size_t capacity) {
    REQUIRE(text.size() < capacity);
    memcpy(out, text.c_str(), text.size() + 1);
  }

  bool isOpen_ = false;
  long opened_ = 0;
  long sent_ = 0;
  size_t at_ = 0;
  int status_ = 200;
  std::string nonce_, body_, signature_, range_, firstBody_, firstSignature_;
};
