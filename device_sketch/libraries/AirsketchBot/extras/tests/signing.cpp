// The check values of docs/DEVICE_API.md, and known answers of the algorithms.
#include <doctest/doctest.h>

#include <string>

#include "core/Signing.h"

using namespace airsketch;

namespace {

struct Key {
  uint8_t bytes[kKeyBytes];
  Key() {
    for (size_t at = 0; at < kKeyBytes; at++) bytes[at] = static_cast<uint8_t>(at);
  }
};

const char kNonce[] = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
const char kAnswer[] = "{\"poll_after_s\":60,\"update\":null,\"network\":null}";
const char kAnswerSignature[] = "bb6c7095ccfd4f72969b89a5a9e3fbc01d1847b3eaee87c0f22dac5f8b780847";

std::string hashOf(const std::string& text, size_t part) {
  Sha256 hash;
  for (size_t at = 0; at < text.size(); at += part) hash.add(text.data() + at, std::min(part, text.size() - at));
  uint8_t digest[kDigestBytes];
  char digits[kSignatureDigits + 1];
  hash.finish(digest);
  toHex(digest, sizeof digest, digits);
  return digits;
}

}  // namespace

TEST_CASE("SHA-256 gives the known answers however the bytes come") {
  CHECK(hashOf("", 1) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  CHECK(hashOf("abc", 1) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  const std::string million(1000000, 'a');
  for (size_t part : {1u, 63u, 64u, 65u, 4096u})
    CHECK(hashOf(million, part) == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST_CASE("a request is signed as the check value says") {
  char signature[kSignatureDigits + 1];
  requestSignature(Key().bytes, {"POST", "/device/v1/check-in", "0000000100000001", kNonce, "{}", 2}, signature);
  CHECK(std::string(signature) == "ffdc5b6c8fa6d58d97d4ce3f3735c93c0c505733e4ad4aa2213320bfb76248f2");
}

TEST_CASE("an answer holds only as it was signed") {
  const Key key;
  const size_t size = strlen(kAnswer);
  CHECK(answerIsSigned(key.bytes, 200, kNonce, kAnswer, size, kAnswerSignature));
  CHECK_FALSE(answerIsSigned(key.bytes, 201, kNonce, kAnswer, size, kAnswerSignature));
  CHECK_FALSE(answerIsSigned(key.bytes, 200, "baaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", kAnswer, size, kAnswerSignature));
  CHECK_FALSE(answerIsSigned(key.bytes, 200, kNonce, kAnswer, size - 1, kAnswerSignature));
  CHECK_FALSE(answerIsSigned(key.bytes, 200, kNonce, kAnswer, size, ""));
  CHECK_FALSE(answerIsSigned(key.bytes, 200, kNonce, kAnswer, size, "bb6c"));
  Key other;
  other.bytes[31]++;
  CHECK_FALSE(answerIsSigned(other.bytes, 200, kNonce, kAnswer, size, kAnswerSignature));
}

TEST_CASE("a sealed field opens with its own label, revision and nonce") {
  // From app/http/device/signing.py: seal(key, label="ssid", revision=7, nonce=kNonce, text="café \"5G\"").
  const char sealed[] =
      "00e0cc8ab0123e9eda90e7dc43f4d0a689437f0a217f482b5426f1a6fd6dc2ecee"
      "3d3204b772774c26e5e31efd99d5031c4e05dd3e6de750be8e3978f6da6abda2";
  char text[kSealedBytes];
  const Key key;
  REQUIRE(unseal(key.bytes, "ssid", 7, kNonce, sealed, text));
  CHECK(std::string(text) == "caf\xc3\xa9 \"5G\"");
  CHECK_FALSE(unseal(key.bytes, "ssid", 7, kNonce, "00", text));
  const bool opened = unseal(key.bytes, "password", 7, kNonce, sealed, text);
  CHECK((!opened || std::string(text) != "caf\xc3\xa9 \"5G\""));
}

TEST_CASE("a sealed key opens as the check value says") {
  const char sealed[] =
      "1c8b9f51961fcc2a8977043a937de3a8d04130aeaf0e13ba286050e49927b7066"
      "c796f15792092281df8bfeed167bc410d0b6d20143a8adcdf8781a737cc6358ea";
  char text[kSealedBytes];
  REQUIRE(unseal(Key().bytes, "device_key", 0, kNonce, sealed, text));
  CHECK(std::string(text) == std::string(64, 'f'));
}

TEST_CASE("hexadecimal digits are read strictly") {
  uint8_t bytes[2];
  CHECK(fromHex("01fF", bytes, 2));
  CHECK(bytes[1] == 0xff);
  for (const char* wrong : {"", "0", "01f", "01fg", "01ff0"}) CHECK_FALSE(fromHex(wrong, bytes, 2));
}
