// A JSON pull parser for the server's responses: no heap, no recursion, bounded depth and string length.
//
// It reads one JSON value (RFC 8259) and stops at the first error. Strings longer than `kMaxTextBytes` are truncated;
// `textFits()` tells so. Numbers are integers; a fraction or exponent is an error, because no field of the protocol has
// one.
#pragma once

#include "Text.h"

namespace airsketch {

enum class JsonToken : uint8_t { kEnd, kError, kOpen, kClose, kKey, kText, kNumber, kTrue, kFalse, kNull };

class JsonReader {
 public:
  static constexpr size_t kMaxTextBytes = 160;
  static constexpr uint8_t kMaxDepth = 16;

  JsonReader(const char* json, size_t size) : at_(json), end_(json + size) {}

  AIRSKETCH_OUT_OF_LINE JsonToken next() {
    if (state_ == State::kError) return JsonToken::kError;
    const JsonToken token = read();
    if (token == JsonToken::kError) state_ = State::kError;
    return token;
  }

  // Skips the value whose first token was just read. False on an error.
  AIRSKETCH_OUT_OF_LINE bool skip(JsonToken first) {
    if (first != JsonToken::kOpen) return first != JsonToken::kError && first != JsonToken::kEnd;
    const uint8_t outside = depth_ - 1;
    for (;;) {
      const JsonToken token = next();
      if (token == JsonToken::kError || token == JsonToken::kEnd) return false;
      if (token == JsonToken::kClose && depth_ == outside) return true;
    }
  }

  // Of the last key or string, with a terminating zero.
  const char* text() const { return text_; }
  size_t textSize() const { return textSize_; }
  bool textFits() const { return textFits_; }
  int64_t number() const { return number_; }
  bool inObject() const { return depth_ > 0 && isObject(); }
  uint8_t depth() const { return depth_; }

 private:
  enum class State : uint8_t { kValue, kFirst, kAfterValue, kAfterKey, kError };

  bool isObject() const { return (objects_ >> (depth_ - 1)) & 1; }

  JsonToken read() {
    skipSpace();
    if (depth_ == 0 && state_ == State::kAfterValue) return at_ == end_ ? JsonToken::kEnd : JsonToken::kError;
    if (at_ == end_) return JsonToken::kError;
    if (state_ == State::kAfterValue || state_ == State::kFirst) {
      if (*at_ == (isObject() ? '}' : ']')) return close();
      if (state_ == State::kAfterValue) {
        if (*at_++ != ',') return JsonToken::kError;
        skipSpace();
      }
      if (isObject()) return readKey();
    }
    return readValue();
  }

  JsonToken close() {
    at_++;
    depth_--;
    state_ = State::kAfterValue;
    return JsonToken::kClose;
  }

  JsonToken readKey() {
    if (at_ == end_ || *at_ != '"' || !readText()) return JsonToken::kError;
    skipSpace();
    if (at_ == end_ || *at_++ != ':') return JsonToken::kError;
    state_ = State::kAfterKey;
    return JsonToken::kKey;
  }

  JsonToken readValue() {
    if (at_ == end_) return JsonToken::kError;
    const char first = *at_;
    if (first == '{' || first == '[') return open(first == '{');
    state_ = State::kAfterValue;
    if (first == '"') return readText() ? JsonToken::kText : JsonToken::kError;
    if (first == 't') return word("true", JsonToken::kTrue);
    if (first == 'f') return word("false", JsonToken::kFalse);
    if (first == 'n') return word("null", JsonToken::kNull);
    return readNumber();
  }

  JsonToken open(bool object) {
    if (depth_ == kMaxDepth) return JsonToken::kError;
    at_++;
    objects_ = static_cast<uint32_t>((objects_ & ~(1u << depth_)) | (object ? 1u : 0u) << depth_);
    depth_++;
    state_ = State::kFirst;
    return JsonToken::kOpen;
  }

  JsonToken word(const char* expected, JsonToken token) {
    for (; *expected; expected++)
      if (at_ == end_ || *at_++ != *expected) return JsonToken::kError;
    return token;
  }

  JsonToken readNumber() {
    const bool negative = *at_ == '-';
    if (negative) at_++;
    const char* const first = at_;
    number_ = 0;
    for (; at_ != end_ && *at_ >= '0' && *at_ <= '9'; at_++) {
      if (at_ - first >= 18) return JsonToken::kError;
      number_ = number_ * 10 + (*at_ - '0');
    }
    if (at_ == first || (*first == '0' && at_ - first > 1)) return JsonToken::kError;
    if (at_ != end_ && (*at_ == '.' || *at_ == 'e' || *at_ == 'E')) return JsonToken::kError;
    if (negative) number_ = -number_;
    return JsonToken::kNumber;
  }

  bool readText() {
    textSize_ = 0;
    textFits_ = true;
    for (at_++; at_ != end_; at_++) {
      if (*at_ == '"') {
        at_++;
        text_[textSize_] = '\0';
        return true;
      }
      if (static_cast<unsigned char>(*at_) < 0x20) return false;
      if (*at_ != '\\')
        keep(*at_);
      else if (!readEscape())
        return false;
    }
    return false;
  }

  bool readEscape() {
    static constexpr char kNames[] = "\"\\/bfnrt";
    static constexpr char kMeanings[] = "\"\\/\b\f\n\r\t";
    if (++at_ == end_) return false;
    if (*at_ == 'u') return readCodePoint();
    for (int at = 0; kNames[at]; at++) {
      if (kNames[at] != *at_) continue;
      keep(kMeanings[at]);
      return true;
    }
    return false;
  }

  AIRSKETCH_OUT_OF_LINE bool readFourDigits(uint32_t* out) {
    *out = 0;
    for (int digit = 0; digit < 4; digit++) {
      if (++at_ == end_) return false;
      const char one = static_cast<char>(*at_ | 0x20);
      const int value = *at_ >= '0' && *at_ <= '9' ? *at_ - '0' : one >= 'a' && one <= 'f' ? one - 'a' + 10 : -1;
      if (value < 0) return false;
      *out = *out << 4 | static_cast<uint32_t>(value);
    }
    return true;
  }

  bool readCodePoint() {
    uint32_t code, low;
    if (!readFourDigits(&code)) return false;
    if (code >= 0xd800 && code < 0xdc00) {
      if (end_ - at_ < 3 || at_[1] != '\\' || at_[2] != 'u') return false;
      at_ += 2;
      if (!readFourDigits(&low) || low < 0xdc00 || low > 0xdfff) return false;
      code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
    } else if (code >= 0xdc00 && code <= 0xdfff) {
      return false;
    }
    keepUtf8(code);
    return true;
  }

  void keepUtf8(uint32_t code) {
    if (code < 0x80) return keep(static_cast<char>(code));
    const int more = code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
    keep(static_cast<char>((0xf00 >> (more + 1) & 0xff) | code >> (6 * more)));
    for (int at = more - 1; at >= 0; at--) keep(static_cast<char>(0x80 | (code >> (6 * at) & 0x3f)));
  }

  AIRSKETCH_OUT_OF_LINE void keep(char one) {
    if (textSize_ == kMaxTextBytes)
      textFits_ = false;
    else
      text_[textSize_++] = one;
  }

  void skipSpace() {
    while (at_ != end_ && (*at_ == ' ' || *at_ == '\n' || *at_ == '\r' || *at_ == '\t')) at_++;
  }

  const char* at_;
  const char* end_;
  State state_ = State::kValue;
  uint8_t depth_ = 0;
  uint32_t objects_ = 0;  // bit n: the value at depth n is an object, else an array
  bool textFits_ = true;
  size_t textSize_ = 0;
  int64_t number_ = 0;
  char text_[kMaxTextBytes + 1] = {};
};

}  // namespace airsketch
