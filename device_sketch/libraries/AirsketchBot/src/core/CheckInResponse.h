// The server's response to a check-in, parsed and validated.
#pragma once

#include "../OtaError.h"
#include "Json.h"
#include "Signing.h"

namespace airsketch {

using AirsketchBot::OtaError;

// Of an update id; the server makes them 32 characters long.
constexpr size_t kMaxIdChars = 64;
constexpr size_t kMaxVersionChars = 64;
constexpr size_t kMaxPathChars = 120;
constexpr uint32_t kMinPoll_s = 5;
constexpr uint32_t kMaxPoll_s = 86400;
constexpr uint32_t kDefaultPoll_s = 60;

struct OfferedImage {
  Text<kMaxIdChars> updateId;
  Text<kMaxVersionChars> version;
  Text<kMaxPathChars> path;
  int64_t size_bytes = 0;
  char sha256[kSignatureDigits + 1] = {};
};

struct SealedNetwork {
  uint32_t revision = 0;
  char ssid[2 * kSealedBytes + 1] = {};      // sealed, in hex
  char password[2 * kSealedBytes + 1] = {};  // sealed, in hex
};

struct CheckInResponse {
  uint32_t poll_after_s = kDefaultPoll_s;
  bool hasOffer = false;
  bool hasNetwork = false;
  bool hasLog = false;  // `log` is present
  bool log = false;     // turn the wireless log on or off
  OfferedImage offer;
  SealedNetwork network;
  char newKey[2 * kSealedBytes + 1] = {};  // sealed, in hex; empty if there is none
};

class CheckInResponseReader {
 public:
  CheckInResponseReader(const char* json, size_t size, CheckInResponse* out) : json_(json, size), out_(out) {}

  // False if the response is not JSON, or a required field is missing, of the wrong type or out of range. Unknown
  // fields are ignored.
  bool read() {
    if (json_.next() != JsonToken::kOpen || !json_.inObject()) return false;
    const bool isValid = eachField([this](const char* name, JsonToken token) { return readField(name, token); });
    return isValid && json_.next() == JsonToken::kEnd;
  }

 private:
  template <class Take>
  bool eachField(Take take) {
    for (;;) {
      const JsonToken key = json_.next();
      if (key == JsonToken::kClose) return true;
      if (key != JsonToken::kKey) return false;
      const Text<24> name(json_.textFits() ? json_.text() : "");
      if (!take(name.fits() ? name.c_str() : "", json_.next())) return false;
    }
  }

  bool readField(const char* name, JsonToken token) {
    if (!strcmp(name, "poll_after_s")) {
      if (token != JsonToken::kNumber || json_.number() < 1) return false;
      const int64_t interval_s = json_.number() < kMinPoll_s ? kMinPoll_s : json_.number();
      out_->poll_after_s = static_cast<uint32_t>(interval_s > kMaxPoll_s ? kMaxPoll_s : interval_s);
      return true;
    }
    if (token == JsonToken::kNull) return true;
    if (!strcmp(name, "update")) return out_->hasOffer = readOffer(token);
    if (!strcmp(name, "network")) return out_->hasNetwork = readNetwork(token);
    if (!strcmp(name, "log")) return readLog(token);
    // A damaged new key does not invalidate the rest: the server sends it again.
    if (!strcmp(name, "new_key") && keepDigits(token, out_->newKey, 2 * kSealedBytes)) return true;
    return json_.skip(token);
  }

  bool readLog(JsonToken token) {
    out_->hasLog = token == JsonToken::kTrue || token == JsonToken::kFalse;
    out_->log = token == JsonToken::kTrue;
    return out_->hasLog;
  }

  bool readOffer(JsonToken token) {
    if (token != JsonToken::kOpen || !json_.inObject()) return false;
    OfferedImage& offer = out_->offer;
    const bool isValid = eachField([this, &offer](const char* name, JsonToken value) {
      if (!strcmp(name, "update_id")) return keep(value, &offer.updateId);
      if (!strcmp(name, "version")) return keep(value, &offer.version);
      if (!strcmp(name, "url")) return keep(value, &offer.path);
      if (!strcmp(name, "sha256")) return keepDigits(value, offer.sha256, kSignatureDigits);
      if (strcmp(name, "size_bytes") != 0) return json_.skip(value);
      offer.size_bytes = json_.number();
      return value == JsonToken::kNumber;
    });
    return isValid && !offer.updateId.empty() && isPlain(offer.updateId.c_str()) && offer.sha256[0] && isPathValid();
  }

  bool readNetwork(JsonToken token) {
    if (token != JsonToken::kOpen || !json_.inObject()) return false;
    SealedNetwork& network = out_->network;
    const bool isValid = eachField([this, &network](const char* name, JsonToken value) {
      if (!strcmp(name, "ssid")) return keepDigits(value, network.ssid, 2 * kSealedBytes);
      if (!strcmp(name, "password")) return keepDigits(value, network.password, 2 * kSealedBytes);
      if (strcmp(name, "revision") != 0) return json_.skip(value);
      if (value != JsonToken::kNumber || json_.number() < 1 || json_.number() > INT32_MAX) return false;
      network.revision = static_cast<uint32_t>(json_.number());
      return true;
    });
    return isValid && network.revision > 0 && network.ssid[0] && network.password[0];
  }

  bool keep(JsonToken token, TextBase* out) {
    out->set(json_.text());
    return token == JsonToken::kText && json_.textFits() && out->fits();
  }

  bool keepDigits(JsonToken token, char* out, size_t digits) {
    if (token != JsonToken::kText || json_.textSize() != digits) return false;
    for (size_t at = 0; at < digits; at++)
      if (hexDigit(json_.text()[at]) < 0) return false;
    memcpy(out, json_.text(), digits + 1);
    return true;
  }

  static bool isPlain(const char* text) {
    for (; *text; text++) {
      const char lower = static_cast<char>(*text | 0x20);
      const bool plain =
          (lower >= 'a' && lower <= 'z') || (*text >= '0' && *text <= '9') || *text == '-' || *text == '_';
      if (!plain) return false;
    }
    return true;
  }

  // Only a path of the device protocol on the bot's own server, never another URL.
  bool isPathValid() const {
    static constexpr char kStart[] = "/device/v1/firmware/";
    const char* path = out_->offer.path.c_str();
    return !strncmp(path, kStart, sizeof kStart - 1) && path[sizeof kStart - 1] && isPlain(path + sizeof kStart - 1);
  }

  JsonReader json_;
  CheckInResponse* out_;
};

// The `code` of a problem document (RFC 9457); empty if there is none.
inline Text<32> problemCode(const char* json, size_t size) {
  Text<32> code;
  JsonReader reader(json, size);
  if (reader.next() != JsonToken::kOpen || !reader.inObject()) return code;
  while (reader.next() == JsonToken::kKey) {
    const bool isCode = reader.textFits() && !strcmp(reader.text(), "code");
    const JsonToken value = reader.next();
    if (isCode && value == JsonToken::kText) code.set(reader.text());
    if (!reader.skip(value)) break;
  }
  return code;
}

}  // namespace airsketch
