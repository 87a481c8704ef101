// SHA-256 (FIPS 180-4) and HMAC-SHA256 (RFC 2104). The same code on every board: on an ESP32 the download over Wi-Fi
// is several times slower than this, and one implementation is easier to get right.
#pragma once

#include "Text.h"

namespace airsketch {

constexpr size_t kDigestBytes = 32;

class Sha256 {
 public:
  Sha256() { reset(); }

  void reset() {
    static constexpr uint32_t kStart[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                           0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
    memcpy(state_, kStart, sizeof state_);
    total_bytes_ = 0;
  }

  AIRSKETCH_OUT_OF_LINE Sha256& add(const void* data, size_t size) {
    const uint8_t* bytes = static_cast<const uint8_t*>(data);
    while (size > 0) {
      const size_t filled = total_bytes_ % kBlockBytes;
      const size_t part = size < kBlockBytes - filled ? size : kBlockBytes - filled;
      memcpy(block_ + filled, bytes, part);
      total_bytes_ += part;
      bytes += part;
      size -= part;
      if (filled + part == kBlockBytes) mixBlock();
    }
    return *this;
  }

  Sha256& add(const char* text) { return add(text, strlen(text)); }

  // The object must be reset before it is used again.
  AIRSKETCH_OUT_OF_LINE void finish(uint8_t out[kDigestBytes]) {
    const uint64_t bits = total_bytes_ * 8;
    static constexpr uint8_t kPadding[kBlockBytes] = {0x80};
    const size_t filled = total_bytes_ % kBlockBytes;
    add(kPadding, filled < 56 ? 56 - filled : 120 - filled);
    uint8_t length[8];
    for (int at = 0; at < 8; at++) length[at] = static_cast<uint8_t>(bits >> (56 - 8 * at));
    add(length, sizeof length);
    for (int at = 0; at < 32; at++) out[at] = static_cast<uint8_t>(state_[at / 4] >> (24 - 8 * (at % 4)));
  }

  static constexpr size_t kBlockBytes = 64;

 private:
  static uint32_t rotate(uint32_t word, int by) { return word >> by | word << (32 - by); }

  AIRSKETCH_OUT_OF_LINE void mixBlock() {
    static constexpr uint32_t kRound[64] = {
        0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
        0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
        0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
        0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
        0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
        0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
        0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
        0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};
    uint32_t w[16];
    for (int at = 0; at < 16; at++) w[at] = wordAt(block_ + 4 * at);
    uint32_t a = state_[0], b = state_[1], c = state_[2], d = state_[3];
    uint32_t e = state_[4], f = state_[5], g = state_[6], h = state_[7];
    for (int round = 0; round < 64; round++) {
      uint32_t& word = w[round & 15];
      if (round >= 16)
        word += smallSigma1(w[(round - 2) & 15]) + w[(round - 7) & 15] + smallSigma0(w[(round - 15) & 15]);
      const uint32_t t1 =
          h + (rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)) + ((e & f) ^ (~e & g)) + kRound[round] + word;
      const uint32_t t2 = (rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)) + ((a & b) ^ (a & c) ^ (b & c));
      h = g, g = f, f = e, e = d + t1, d = c, c = b, b = a, a = t1 + t2;
    }
    const uint32_t mixed[8] = {a, b, c, d, e, f, g, h};
    for (int at = 0; at < 8; at++) state_[at] += mixed[at];
  }

  static uint32_t wordAt(const uint8_t* bytes) {
    return uint32_t{bytes[0]} << 24 | uint32_t{bytes[1]} << 16 | uint32_t{bytes[2]} << 8 | bytes[3];
  }
  static uint32_t smallSigma0(uint32_t word) { return rotate(word, 7) ^ rotate(word, 18) ^ word >> 3; }
  static uint32_t smallSigma1(uint32_t word) { return rotate(word, 17) ^ rotate(word, 19) ^ word >> 10; }

  uint32_t state_[8];
  uint64_t total_bytes_;
  uint8_t block_[kBlockBytes];
};

// HMAC-SHA256 with a key of at most 64 bytes.
class Hmac {
 public:
  AIRSKETCH_OUT_OF_LINE Hmac(const uint8_t* key, size_t size) {
    uint8_t pad[Sha256::kBlockBytes];
    fillPad(pad, key, size, 0x36);
    inner_.add(pad, sizeof pad);
    fillPad(pad, key, size, 0x5c);
    outer_.add(pad, sizeof pad);
  }

  Hmac& add(const void* data, size_t size) {
    inner_.add(data, size);
    return *this;
  }
  AIRSKETCH_OUT_OF_LINE Hmac& add(const char* text) { return add(text, strlen(text)); }

  void finish(uint8_t out[kDigestBytes]) {
    inner_.finish(out);
    outer_.add(out, kDigestBytes).finish(out);
  }

 private:
  static void fillPad(uint8_t* pad, const uint8_t* key, size_t size, uint8_t with) {
    memset(pad, with, Sha256::kBlockBytes);
    for (size_t at = 0; at < size && at < Sha256::kBlockBytes; at++) pad[at] ^= key[at];
  }

  Sha256 inner_;
  Sha256 outer_;
};

}  // namespace airsketch
