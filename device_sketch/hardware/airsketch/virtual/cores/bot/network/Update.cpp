#include "network/Update.h"

#include "bot_host.h"

using namespace bot::host;

UpdateClass Update;

namespace {
constexpr size_t kMd5HexDigits = 32;
constexpr uint8_t kFirstImageByte = 0;  // of "\0asm"
}  // namespace

UpdateClass& UpdateClass::onProgress(THandlerFunction_Progress function) {
  progress_ = static_cast<THandlerFunction_Progress&&>(function);
  return *this;
}

bool UpdateClass::begin(size_t size, int command, int, uint8_t, const char*) {
  if (running_) return false;
  error_ = UPDATE_ERROR_OK;
  written_ = 0;
  size_ = size == UPDATE_SIZE_UNKNOWN ? kSlotBytes : size;
  expectedMd5_.clear();
  md5_.begin();
  if (command != U_FLASH) return fail(UPDATE_ERROR_NO_PARTITION);
  if (size_ == 0) return fail(UPDATE_ERROR_SIZE);
  if (size_ > kSlotBytes || bot_ota_begin(size == UPDATE_SIZE_UNKNOWN ? -1 : static_cast<int32_t>(size)) != 0)
    return fail(UPDATE_ERROR_SPACE);
  running_ = true;
  progress_(0, size_);
  return true;
}

size_t UpdateClass::write(uint8_t* bytes, size_t size) {
  if (!running_ || hasError()) return 0;
  if (size > remaining()) return fail(UPDATE_ERROR_SPACE);
  if (written_ == 0 && size > 0 && bytes[0] != kFirstImageByte) return fail(UPDATE_ERROR_MAGIC_BYTE);
  if (bot_ota_write(bytes, static_cast<int32_t>(size)) != 0) return fail(UPDATE_ERROR_WRITE);
  md5_.add(bytes, size);
  written_ += size;
  progress_(written_, size_);
  return size;
}

size_t UpdateClass::writeStream(Stream& source) {
  uint8_t part[1024];
  size_t total = 0;
  while (running_ && remaining() > 0) {
    const size_t wanted = remaining() < sizeof part ? remaining() : sizeof part;
    const size_t got = source.readBytes(part, wanted);
    if (got == 0) {
      fail(UPDATE_ERROR_STREAM);
      break;
    }
    total += write(part, got);
  }
  return total;
}

bool UpdateClass::end(bool evenIfRemaining) {
  if (hasError() || !running_) return false;
  if (!isFinished() && !evenIfRemaining) return fail(UPDATE_ERROR_ABORT);
  size_ = written_;
  md5_.calculate();
  if (!expectedMd5_.isEmpty() && !expectedMd5_.equalsIgnoreCase(md5_.toString())) return fail(UPDATE_ERROR_MD5);
  if (bot_ota_end() != 0) return fail(UPDATE_ERROR_ACTIVATE);
  running_ = false;
  return true;
}

void UpdateClass::abort() {
  fail(UPDATE_ERROR_ABORT);
}

bool UpdateClass::setMD5(const char* expected) {
  const String text(expected);
  if (text.length() != kMd5HexDigits) return false;
  expectedMd5_ = text;
  return true;
}

bool UpdateClass::fail(uint8_t error) {
  if (running_) bot_ota_abort();
  running_ = false;
  error_ = error;
  return false;
}

const char* UpdateClass::errorString() const {
  static constexpr const char* kTexts[] = {"No Error",
                                           "Flash Write Failed",
                                           "Flash Erase Failed",
                                           "Flash Read Failed",
                                           "Not Enough Space",
                                           "Bad Size Given",
                                           "Stream Read Timeout",
                                           "MD5 Check Failed",
                                           "Wrong Magic Byte",
                                           "Could Not Activate The Firmware",
                                           "Partition Could Not be Found",
                                           "Bad Argument",
                                           "Aborted"};
  return error_ < sizeof kTexts / sizeof *kTexts ? kTexts[error_] : "UNKNOWN";
}
