// Ring buffer of log lines for the server. Never blocks: when it is full, the oldest lines are dropped and counted.
#pragma once

#include <stddef.h>
#include <stdint.h>

namespace airsketch {

class LogRing {
 public:
  static constexpr size_t kCapacityBytes = 2048;
  static constexpr size_t kMaxLineBytes = 200;

  // Appends any piece of the output. A line ends at its line feed, or when it gets too long.
  void append(const char* text, size_t size) {
    for (size_t at = 0; at < size; at++) {
      if (text[at] == '\r') continue;
      if (text[at] == '\n' || lineBytes_ == kMaxLineBytes) endLine();
      if (text[at] != '\n') push(text[at]);
    }
  }

  void addLine(const char* text) {
    for (; *text; text++) append(text, 1);
    append("\n", 1);
  }

  // Removes the oldest complete line, at most `kMaxLineBytes` and a terminating zero. False if there is none.
  bool take(char out[kMaxLineBytes + 1]) {
    if (lines_ == 0) return false;
    size_t size = 0;
    for (char one = pop(); one != '\n'; one = pop())
      if (size < kMaxLineBytes) out[size++] = one;
    out[size] = '\0';
    lines_--;
    return true;
  }

  bool hasLines() const { return lines_ > 0; }
  uint32_t dropped() const { return dropped_; }
  void clearDropped(uint32_t reported) { dropped_ -= reported; }
  void addDropped(uint32_t more) { dropped_ += more; }

 private:
  void endLine() {
    push('\n');
    lineBytes_ = 0;
    lines_++;
  }

  void push(char one) {
    if (used_ == kCapacityBytes) dropOldest();
    bytes_[(first_ + used_++) % kCapacityBytes] = one;
    lineBytes_++;
  }

  // A line is much shorter than the ring, so a full ring contains a complete one.
  void dropOldest() {
    while (used_ > 0 && pop() != '\n') {
    }
    dropped_++;
    lines_--;
  }

  char pop() {
    const char one = bytes_[first_];
    first_ = (first_ + 1) % kCapacityBytes;
    used_--;
    return one;
  }

  char bytes_[kCapacityBytes] = {};
  size_t first_ = 0;
  size_t used_ = 0;
  size_t lineBytes_ = 0;
  size_t lines_ = 0;
  uint32_t dropped_ = 0;
};

}  // namespace airsketch
