// Why an update failed. Numbers and codes are permanent and shared with the server; docs/DEVICE_API.md explains them.
#pragma once

#include <stdint.h>

namespace AirsketchBot {

enum class OtaError : uint8_t {
  kNone = 0,
  kBadSignature = 1,
  kWrongBoard = 2,
  kWrongSize = 3,
  kWrongDigest = 4,
  kTooBig = 5,
  kFlashWrite = 6,
  kNoSpace = 7,
  kConnection = 8,
  kRefusedBySketch = 9,
  kOther = 10,
};

// The code in the device protocol; "none" if no update failed.
inline const char* toString(OtaError error) {
  switch (error) {
    case OtaError::kNone:
      return "none";
    case OtaError::kBadSignature:
      return "bad_signature";
    case OtaError::kWrongBoard:
      return "wrong_board";
    case OtaError::kWrongSize:
      return "wrong_size";
    case OtaError::kWrongDigest:
      return "wrong_digest";
    case OtaError::kTooBig:
      return "too_big";
    case OtaError::kFlashWrite:
      return "flash_write";
    case OtaError::kNoSpace:
      return "no_space";
    case OtaError::kConnection:
      return "connection";
    case OtaError::kRefusedBySketch:
      return "refused_by_sketch";
    case OtaError::kOther:
      break;
  }
  return "other";
}

}  // namespace AirsketchBot
