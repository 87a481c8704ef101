// Signed requests to the server; verifies the server's signature on every response.
#pragma once

#include "../platform/System.h"
#include "../platform/Transport.h"
#include "Counter.h"
#include "Identity.h"
#include "CheckInResponse.h"

namespace airsketch {

// The only large buffer: for responses, and for image bytes on their way to the flash.
constexpr size_t kBufferBytes = 4096;

enum class CallResult : uint8_t {
  kAnswered,      // signed, 2xx
  kRefused,       // signed, anything else
  kUnsigned,      // the response lacks the server's signature
  kNotConnected,  // no response, or only a part of it
};

struct Answer {
  CallResult result = CallResult::kNotConnected;
  int32_t status = 0;
  size_t size_bytes = 0;  // of the body, which is in the buffer
  Text<32> code;          // of the problem, if refused
  bool looksLikePortal = false;
};

class Client {
 public:
  static constexpr uint32_t kTimeout_ms = 10000;

  Client(Transport& transport, System& system, const Identity& identity, CallCounter& counter)
      : transport_(transport), system_(system), identity_(identity), counter_(counter) {}

  AIRSKETCH_OUT_OF_LINE Answer post(const char* path, const char* body, size_t size) {
    HttpAnswer head;
    if (open("POST", path, nullptr, body, size, &head) < 0) return {};
    return readAnswer(head);
  }

  // Opens a GET request. With 200 or 206 the body can be read from the transport, else `refusal` tells why not.
  bool get(const char* path, const char* range, HttpAnswer* head, Answer* refusal) {
    *refusal = Answer();
    if (open("GET", path, range, "", 0, head) < 0) return false;
    if (head->status == 200 || head->status == 206) return true;
    *refusal = readAnswer(*head);
    return false;
  }

  const char* nonce() const { return nonce_; }
  uint8_t* buffer() { return buffer_; }

 private:
  AIRSKETCH_OUT_OF_LINE int32_t open(const char* method, const char* path, const char* range, const void* body,
                                     size_t size, HttpAnswer* head) {
    char counter[kCounterDigits + 1];
    char signature[kSignatureDigits + 1];
    counter_.next(counter);
    makeNonce();
    requestSignature(identity_.key, {method, path, counter, nonce_, body, size}, signature);
    const HttpHeader headers[] = {
        {"X-Device-Id", identity_.productId.c_str()},
        {"X-Device-Counter", counter},
        {"X-Device-Nonce", nonce_},
        {"X-Device-Signature", signature},
        {range ? "Range" : "Content-Type", range ? range : "application/json"},
    };
    const size_t count = sizeof headers / sizeof headers[0];
    const HttpRequest request{identity_.server.c_str(), method, path, headers, count, body, size, kTimeout_ms};
    const int32_t opened = transport_.open(request, head);
    if (opened < 0) transport_.close();
    return opened;
  }

  AIRSKETCH_OUT_OF_LINE Answer readAnswer(const HttpAnswer& head) {
    Answer answer;
    answer.status = head.status;
    const bool whole = readBody(&answer.size_bytes);
    transport_.close();
    if (!whole) return answer;
    const char* const body = reinterpret_cast<const char*>(buffer_);
    if (!answerIsSigned(identity_.key, head.status, nonce_, body, answer.size_bytes, head.serverSignature)) {
      answer.result = CallResult::kUnsigned;
      answer.looksLikePortal = head.status / 100 == 3 || head.status == 511 || (answer.size_bytes > 0 && *body == '<');
      return answer;
    }
    answer.result = head.status / 100 == 2 ? CallResult::kAnswered : CallResult::kRefused;
    if (answer.result == CallResult::kRefused) answer.code = problemCode(body, answer.size_bytes);
    if (answer.code.size() == 0 || strcmp(answer.code.c_str(), "replayed") != 0) counter_.wasAccepted();
    return answer;
  }

  // False if the connection broke. A body longer than the buffer is truncated, which fails its signature check.
  bool readBody(size_t* size) {
    while (*size < kBufferBytes) {
      const int32_t count = transport_.read(buffer_ + *size, kBufferBytes - *size);
      if (count <= 0) return count == 0;
      *size += static_cast<size_t>(count);
    }
    return true;
  }

  void makeNonce() {
    uint8_t bytes[kNonceDigits / 2];
    for (uint8_t& byte : bytes) byte = static_cast<uint8_t>(system_.random());
    toHex(bytes, sizeof bytes, nonce_);
  }

  Transport& transport_;
  System& system_;
  const Identity& identity_;
  CallCounter& counter_;
  char nonce_[kNonceDigits + 1] = {};
  uint8_t buffer_[kBufferBytes];
};

}  // namespace airsketch
