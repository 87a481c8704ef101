// The SHA-256 functions of Mbed TLS, by the agent's implementation.
#include <string.h>

#include "../../../../../../libraries/AirsketchBot/src/core/Sha256.h"
#include "system/mbedtls/sha256.h"

using airsketch::Sha256;

static_assert(sizeof(Sha256) == sizeof(mbedtls_sha256_context) && alignof(Sha256) == alignof(mbedtls_sha256_context),
              "a context stores a Sha256");

namespace {

Sha256& hashOf(mbedtls_sha256_context* context) {
  return *reinterpret_cast<Sha256*>(context->hash);
}

}  // namespace

extern "C" {

void mbedtls_sha256_init(mbedtls_sha256_context* context) {
  hashOf(context).reset();
}

void mbedtls_sha256_free(mbedtls_sha256_context* context) {
  memset(context, 0, sizeof *context);
}

int mbedtls_sha256_starts(mbedtls_sha256_context* context, int) {
  hashOf(context).reset();
  return 0;
}

int mbedtls_sha256_update(mbedtls_sha256_context* context, const unsigned char* input, size_t size) {
  hashOf(context).add(input, size);
  return 0;
}

int mbedtls_sha256_finish(mbedtls_sha256_context* context, unsigned char* output) {
  hashOf(context).finish(output);
  return 0;
}

int mbedtls_sha256(const unsigned char* input, size_t size, unsigned char* output, int) {
  Sha256().add(input, size).finish(output);
  return 0;
}
}
