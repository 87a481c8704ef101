// Signatures and sealed fields of the device protocol, as described in docs/DEVICE_API.md.
#pragma once

#include "Hex.h"
#include "Sha256.h"
#include "Text.h"

namespace airsketch {

constexpr size_t kKeyBytes = 32;
constexpr size_t kNonceDigits = 32;
constexpr size_t kCounterDigits = 16;
constexpr size_t kSignatureDigits = 2 * kDigestBytes;
constexpr size_t kSealedBytes = 65;  // one length byte and up to 64 bytes of text

struct SignedCall {
  const char* method;
  const char* path;  // with query, exactly as in the request line
  const char* counter;
  const char* nonce;
  const void* body;
  size_t bodySize;
};

inline void bodyDigest(const void* body, size_t size, char out[kSignatureDigits + 1]) {
  uint8_t digest[kDigestBytes];
  Sha256().add(body, size).finish(digest);
  toHex(digest, sizeof digest, out);
}

inline void requestSignature(const uint8_t key[kKeyBytes], const SignedCall& call, char out[kSignatureDigits + 1]) {
  char digits[kSignatureDigits + 1];
  bodyDigest(call.body, call.bodySize, digits);
  uint8_t code[kDigestBytes];
  Hmac mac(key, kKeyBytes);
  mac.add("v1\n").add(call.method).add("\n").add(call.path).add("\n").add(call.counter).add("\n").add(call.nonce);
  mac.add("\n").add(digits).finish(code);
  toHex(code, sizeof code, out);
}

// Whether `signature` is the server's signature of this response to the request with this nonce.
inline bool answerIsSigned(const uint8_t key[kKeyBytes], int status, const char* nonce, const void* body, size_t size,
                           const char* signature) {
  uint8_t claimed[kDigestBytes];
  if (!fromHex(signature, claimed, sizeof claimed)) return false;
  char digits[kSignatureDigits + 1];
  bodyDigest(body, size, digits);
  uint8_t code[kDigestBytes];
  Hmac mac(key, kKeyBytes);
  mac.add("v1\n").add(Text<12>().add(int64_t{status}).c_str()).add("\n").add(nonce).add("\n").add(digits).finish(code);
  return sameBytes(code, claimed, sizeof code);
}

// Opens a sealed field (130 hex digits): at most 64 bytes and a terminating zero. False if it is damaged.
inline bool unseal(const uint8_t key[kKeyBytes], const char* label, uint32_t revision, const char* nonce,
                   const char* sealed, char out[kSealedBytes]) {
  uint8_t block[kSealedBytes];
  if (!fromHex(sealed, block, sizeof block)) return false;
  uint8_t fieldKey[kDigestBytes];
  Hmac(key, kKeyBytes).add("v1 network key").finish(fieldKey);
  Text<12> revisionText;
  revisionText.add(int64_t{revision});
  for (size_t at = 0; at < sizeof block; at += kDigestBytes) {
    uint8_t stream[kDigestBytes];
    Hmac mac(fieldKey, sizeof fieldKey);
    mac.add(label).add("\n").add(revisionText.c_str()).add("\n").add(nonce).add("\n");
    mac.add(Text<4>().add(static_cast<int64_t>(at / kDigestBytes)).c_str()).finish(stream);
    for (size_t i = 0; i < kDigestBytes && at + i < sizeof block; i++) block[at + i] ^= stream[i];
  }
  const size_t size = block[0];
  if (size >= kSealedBytes || memchr(block + 1, 0, size)) return false;
  memcpy(out, block + 1, size);
  out[size] = '\0';
  return true;
}

}  // namespace airsketch
