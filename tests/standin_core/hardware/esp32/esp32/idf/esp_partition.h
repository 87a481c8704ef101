// STAND-IN: declarations of ESP-IDF 5.1 that AirsketchBot uses, so that its types are checked. No code.
#pragma once

#include <stdint.h>

#include "esp_err.h"

typedef struct {
  void* flash_chip;
  int type;
  int subtype;
  uint32_t address;
  uint32_t size;
  uint32_t erase_size;
  char label[17];
  bool encrypted;
  bool readonly;
} esp_partition_t;

extern "C" esp_err_t esp_partition_get_sha256(const esp_partition_t* partition, uint8_t* sha_256);
