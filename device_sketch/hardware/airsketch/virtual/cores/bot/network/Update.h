// Writes a new image into the spare slot.
#pragma once

#include "MD5Builder.h"
#include "Stream.h"
#include "network/Callback.h"

#define UPDATE_ERROR_OK 0
#define UPDATE_ERROR_WRITE 1
#define UPDATE_ERROR_ERASE 2
#define UPDATE_ERROR_READ 3
#define UPDATE_ERROR_SPACE 4
#define UPDATE_ERROR_SIZE 5
#define UPDATE_ERROR_STREAM 6
#define UPDATE_ERROR_MD5 7
#define UPDATE_ERROR_MAGIC_BYTE 8
#define UPDATE_ERROR_ACTIVATE 9
#define UPDATE_ERROR_NO_PARTITION 10
#define UPDATE_ERROR_BAD_ARGUMENT 11
#define UPDATE_ERROR_ABORT 12

#define UPDATE_SIZE_UNKNOWN 0xFFFFFFFF
#define U_FLASH 0

class UpdateClass {
 public:
  using THandlerFunction_Progress = bot::Callback<void(size_t, size_t)>;

  UpdateClass& onProgress(THandlerFunction_Progress function);
  bool begin(size_t size = UPDATE_SIZE_UNKNOWN, int command = U_FLASH, int ledPin = -1, uint8_t ledOn = 0,
             const char* label = nullptr);
  size_t write(uint8_t* bytes, size_t size);
  size_t writeStream(Stream& source);
  bool end(bool evenIfRemaining = false);
  void abort();
  bool setMD5(const char* expected);
  String md5String() { return md5_.toString(); }

  bool isRunning() const { return running_; }
  bool isFinished() const { return written_ == size_; }
  size_t size() const { return size_; }
  size_t progress() const { return written_; }
  size_t remaining() const { return size_ - written_; }
  bool hasError() const { return error_ != UPDATE_ERROR_OK; }
  uint8_t getError() const { return error_; }
  void clearError() { error_ = UPDATE_ERROR_OK; }
  const char* errorString() const;
  void printError(Print& out) const { out.println(errorString()); }
  bool canRollBack() { return false; }

 private:
  bool fail(uint8_t error);

  THandlerFunction_Progress progress_;
  MD5Builder md5_;
  String expectedMd5_;
  size_t size_ = 0;
  size_t written_ = 0;
  uint8_t error_ = UPDATE_ERROR_OK;
  bool running_ = false;
};

extern UpdateClass Update;
