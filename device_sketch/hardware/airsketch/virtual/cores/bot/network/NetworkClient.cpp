#include "network/NetworkClient.h"

#include <string.h>

#include "bot_host.h"

using namespace bot::host;

void NetworkClient::attach(int handle, int size) {
  stop();
  handle_ = handle;
  remaining_ = size;
  ended_ = size == 0;
}

void NetworkClient::stop() {
  if (handle_ >= 0) bot_http_close(handle_);
  handle_ = -1;
  ended_ = true;
  at_ = end_ = 0;
}

uint8_t NetworkClient::connected() {
  return at_ < end_ || (handle_ >= 0 && !ended_);
}

// Makes at least one byte available, unless at the end of the body.
bool NetworkClient::fill() {
  if (at_ < end_) return true;
  if (handle_ < 0 || ended_) return false;
  const int got = bot_http_read(handle_, buffer_, kBufferBytes);
  at_ = 0;
  end_ = got > 0 ? got : 0;
  if (remaining_ > 0) remaining_ -= end_;
  ended_ = got <= 0 || remaining_ == 0;
  return end_ > 0;
}

int NetworkClient::available() {
  return fill() ? end_ - at_ : 0;
}

int NetworkClient::read() {
  return fill() ? buffer_[at_++] : -1;
}

int NetworkClient::peek() {
  return fill() ? buffer_[at_] : -1;
}

int NetworkClient::read(uint8_t* out, size_t size) {
  if (!fill()) return -1;
  const size_t ready = static_cast<size_t>(end_ - at_);
  const size_t part = size < ready ? size : ready;
  memcpy(out, buffer_ + at_, part);
  at_ += static_cast<int>(part);
  return static_cast<int>(part);
}

size_t NetworkClient::readBytes(char* out, size_t size) {
  size_t count = 0;
  while (count < size) {
    const int got = read(reinterpret_cast<uint8_t*>(out) + count, size - count);
    if (got <= 0) break;
    count += got;
  }
  return count;
}
