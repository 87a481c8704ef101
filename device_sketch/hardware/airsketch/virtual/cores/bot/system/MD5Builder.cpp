#include "system/MD5Builder.h"

#include <math.h>
#include <string.h>

namespace {
constexpr size_t kBlockBytes = 64;
constexpr size_t kLengthAt = kBlockBytes - 8;
constexpr uint8_t kShifts[4][4] = {{7, 12, 17, 22}, {5, 9, 14, 20}, {4, 11, 16, 23}, {6, 10, 15, 21}};

uint32_t rotl(uint32_t x, int n) {
  return x << n | x >> (32 - n);
}

// RFC 1321, 3.4: the table of the integer parts of 4294967296 * abs(sin(i)).
uint32_t constantOf(int step) {
  return static_cast<uint32_t>(floor(fabs(sin(step + 1.0)) * 4294967296.0));
}

uint32_t mix(int round, uint32_t b, uint32_t c, uint32_t d) {
  switch (round) {
    case 0:
      return (b & c) | (~b & d);
    case 1:
      return (b & d) | (c & ~d);
    case 2:
      return b ^ c ^ d;
    default:
      return c ^ (b | ~d);
  }
}

int wordOf(int round, int step) {
  switch (round) {
    case 0:
      return step % 16;
    case 1:
      return (5 * step + 1) % 16;
    case 2:
      return (3 * step + 5) % 16;
    default:
      return 7 * step % 16;
  }
}
}  // namespace

void MD5Builder::begin() {
  size_bytes_ = 0;
  state_[0] = 0x67452301;
  state_[1] = 0xefcdab89;
  state_[2] = 0x98badcfe;
  state_[3] = 0x10325476;
}

void MD5Builder::compress() {
  // The target is little-endian, as MD5 is.
  uint32_t words[16];
  memcpy(words, block_, sizeof words);
  uint32_t a = state_[0], b = state_[1], c = state_[2], d = state_[3];
  for (int step = 0; step < 64; step++) {
    const int round = step / 16;
    const uint32_t sum = a + mix(round, b, c, d) + words[wordOf(round, step)] + constantOf(step);
    const uint32_t next = b + rotl(sum, kShifts[round][step % 4]);
    a = d, d = c, c = b, b = next;
  }
  state_[0] += a, state_[1] += b, state_[2] += c, state_[3] += d;
}

void MD5Builder::add(const uint8_t* bytes, size_t size) {
  while (size > 0) {
    const size_t used = size_bytes_ % kBlockBytes;
    const size_t part = size < kBlockBytes - used ? size : kBlockBytes - used;
    memcpy(block_ + used, bytes, part);
    size_bytes_ += part;
    if (used + part == kBlockBytes) compress();
    bytes += part;
    size -= part;
  }
}

void MD5Builder::add(const char* text) {
  add(reinterpret_cast<const uint8_t*>(text), strlen(text));
}

void MD5Builder::calculate() {
  const uint64_t size_bits = size_bytes_ * 8;
  const uint8_t start = 0x80, zero = 0;
  add(&start, 1);
  while (size_bytes_ % kBlockBytes != kLengthAt) add(&zero, 1);
  add(reinterpret_cast<const uint8_t*>(&size_bits), sizeof size_bits);
}

void MD5Builder::getBytes(uint8_t* out) const {
  memcpy(out, state_, sizeof state_);
}

String MD5Builder::toString() const {
  static constexpr char kDigits[] = "0123456789abcdef";
  uint8_t bytes[16];
  getBytes(bytes);
  String text;
  for (const uint8_t byte : bytes) {
    text += kDigits[byte >> 4];
    text += kDigits[byte & 15];
  }
  return text;
}
