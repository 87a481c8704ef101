// SHA-256 (FIPS 180-4) under the function names of Mbed TLS.
#pragma once

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
  uint64_t size_bytes;
  uint32_t state[8];
  unsigned char block[64];
} mbedtls_sha256_context;

// `is224` must be 0 everywhere: only SHA-256 is offered. All functions return 0.
void mbedtls_sha256_init(mbedtls_sha256_context* context);
void mbedtls_sha256_free(mbedtls_sha256_context* context);
int mbedtls_sha256_starts(mbedtls_sha256_context* context, int is224);
int mbedtls_sha256_update(mbedtls_sha256_context* context, const unsigned char* input, size_t size);
int mbedtls_sha256_finish(mbedtls_sha256_context* context, unsigned char* output);
int mbedtls_sha256(const unsigned char* input, size_t size, unsigned char* output, int is224);

#ifdef __cplusplus
}
#endif
