// SHA-256 as FIPS 180-4 describes it; the names of the values are those of the standard.
#include <string.h>

#include "system/mbedtls/sha256.h"

namespace {

constexpr uint32_t kInitial[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                  0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
constexpr uint32_t K[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};
constexpr size_t kBlockBytes = 64;
constexpr size_t kLengthAt = kBlockBytes - 8;

uint32_t rotr(uint32_t x, int n) {
  return x >> n | x << (32 - n);
}

uint32_t loadBigEndian(const unsigned char* at) {
  return static_cast<uint32_t>(at[0]) << 24 | at[1] << 16 | at[2] << 8 | at[3];
}

void storeBigEndian(unsigned char* at, uint64_t value, int bytes) {
  for (int index = bytes - 1; index >= 0; index--, value >>= 8) at[index] = static_cast<unsigned char>(value);
}

void schedule(uint32_t (&W)[64], const unsigned char* block) {
  for (int t = 0; t < 16; t++) W[t] = loadBigEndian(block + 4 * t);
  for (int t = 16; t < 64; t++) {
    const uint32_t sigma0 = rotr(W[t - 15], 7) ^ rotr(W[t - 15], 18) ^ W[t - 15] >> 3;
    const uint32_t sigma1 = rotr(W[t - 2], 17) ^ rotr(W[t - 2], 19) ^ W[t - 2] >> 10;
    W[t] = sigma1 + W[t - 7] + sigma0 + W[t - 16];
  }
}

void compress(uint32_t (&H)[8], const unsigned char* block) {
  uint32_t W[64];
  schedule(W, block);
  uint32_t a = H[0], b = H[1], c = H[2], d = H[3], e = H[4], f = H[5], g = H[6], h = H[7];
  for (int t = 0; t < 64; t++) {
    const uint32_t T1 = h + (rotr(e, 6) ^ rotr(e, 11) ^ rotr(e, 25)) + ((e & f) ^ (~e & g)) + K[t] + W[t];
    const uint32_t T2 = (rotr(a, 2) ^ rotr(a, 13) ^ rotr(a, 22)) + ((a & b) ^ (a & c) ^ (b & c));
    h = g, g = f, f = e, e = d + T1, d = c, c = b, b = a, a = T1 + T2;
  }
  const uint32_t added[8] = {a, b, c, d, e, f, g, h};
  for (int i = 0; i < 8; i++) H[i] += added[i];
}

}  // namespace

extern "C" {

void mbedtls_sha256_init(mbedtls_sha256_context* context) {
  memset(context, 0, sizeof *context);
}

void mbedtls_sha256_free(mbedtls_sha256_context* context) {
  memset(context, 0, sizeof *context);
}

int mbedtls_sha256_starts(mbedtls_sha256_context* context, int) {
  context->size_bytes = 0;
  memcpy(context->state, kInitial, sizeof kInitial);
  return 0;
}

int mbedtls_sha256_update(mbedtls_sha256_context* context, const unsigned char* input, size_t size) {
  while (size > 0) {
    const size_t used = context->size_bytes % kBlockBytes;
    const size_t part = size < kBlockBytes - used ? size : kBlockBytes - used;
    memcpy(context->block + used, input, part);
    context->size_bytes += part;
    if (used + part == kBlockBytes) compress(context->state, context->block);
    input += part;
    size -= part;
  }
  return 0;
}

int mbedtls_sha256_finish(mbedtls_sha256_context* context, unsigned char* output) {
  const uint64_t size_bits = context->size_bytes * 8;
  const unsigned char start = 0x80, zero = 0;
  unsigned char length[8];
  storeBigEndian(length, size_bits, 8);
  mbedtls_sha256_update(context, &start, 1);
  while (context->size_bytes % kBlockBytes != kLengthAt) mbedtls_sha256_update(context, &zero, 1);
  mbedtls_sha256_update(context, length, sizeof length);
  for (int i = 0; i < 8; i++) storeBigEndian(output + 4 * i, context->state[i], 4);
  return 0;
}

int mbedtls_sha256(const unsigned char* input, size_t size, unsigned char* output, int is224) {
  mbedtls_sha256_context context;
  mbedtls_sha256_starts(&context, is224);
  mbedtls_sha256_update(&context, input, size);
  return mbedtls_sha256_finish(&context, output);
}
}
