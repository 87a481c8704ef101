// Base class of everything that bytes can be read from, with a timeout.
#pragma once

#include "Print.h"

enum LookaheadMode { SKIP_ALL, SKIP_NONE, SKIP_WHITESPACE };
#define NO_IGNORE_CHAR '\x01'

class Stream : public Print {
 public:
  virtual int available() = 0;
  virtual int read() = 0;
  virtual int peek() = 0;

  void setTimeout(unsigned long timeout_ms) { timeout_ms_ = timeout_ms; }
  unsigned long getTimeout() const { return timeout_ms_; }

  bool find(const char* target) { return findUntil(target, nullptr); }
  bool find(char target);
  bool findUntil(const char* target, const char* terminator);
  long parseInt(LookaheadMode mode = SKIP_ALL, char ignore = NO_IGNORE_CHAR);
  float parseFloat(LookaheadMode mode = SKIP_ALL, char ignore = NO_IGNORE_CHAR);

  virtual size_t readBytes(char* out, size_t size);
  size_t readBytes(uint8_t* out, size_t size) { return readBytes(reinterpret_cast<char*>(out), size); }
  size_t readBytesUntil(char terminator, char* out, size_t size);
  size_t readBytesUntil(char terminator, uint8_t* out, size_t size) {
    return readBytesUntil(terminator, reinterpret_cast<char*>(out), size);
  }
  virtual String readString();
  String readStringUntil(char terminator);

 protected:
  int timedRead();
  int timedPeek();
  unsigned long timeout_ms_ = 1000;

 private:
  int peekNumberStart(LookaheadMode mode, bool allowPoint);
};
