// SHA-256 (FIPS 180-4) under the function names of Mbed TLS.
#pragma once

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
  unsigned char hash[104] __attribute__((aligned(8)));  // opaque
} mbedtls_sha256_context;

// `is224` must be 0: only SHA-256 is supported. All functions return 0.
void mbedtls_sha256_init(mbedtls_sha256_context* context);
void mbedtls_sha256_free(mbedtls_sha256_context* context);
int mbedtls_sha256_starts(mbedtls_sha256_context* context, int is224);
int mbedtls_sha256_update(mbedtls_sha256_context* context, const unsigned char* input, size_t size);
int mbedtls_sha256_finish(mbedtls_sha256_context* context, unsigned char* output);
int mbedtls_sha256(const unsigned char* input, size_t size, unsigned char* output, int is224);

#ifdef __cplusplus
}
#endif
