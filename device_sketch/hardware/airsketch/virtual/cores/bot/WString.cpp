#include "WString.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

String::String(const char* text) {
  concat(text);
}

String::String(const char* text, size_t size) {
  concat(text, size);
}

String::String(const String& other) {
  concat(other);
}

String::String(String&& other) noexcept {
  *this = static_cast<String&&>(other);
}

String::String(char character) {
  concat(&character, 1);
}

String::String(unsigned char value, unsigned char base) {
  assignNumber(value, false, base);
}

String::String(int value, unsigned char base) : String(static_cast<long long>(value), base) {}

String::String(unsigned int value, unsigned char base) {
  assignNumber(value, false, base);
}

String::String(long value, unsigned char base) : String(static_cast<long long>(value), base) {}

String::String(unsigned long value, unsigned char base) {
  assignNumber(value, false, base);
}

String::String(long long value, unsigned char base) {
  // Only decimal numbers have a sign; other bases print the bits of a 32-bit number.
  if (base == 10)
    assignNumber(value < 0 ? 0 - static_cast<unsigned long long>(value) : value, value < 0, base);
  else
    assignNumber(value < 0 && value >= INT32_MIN ? static_cast<uint32_t>(value) : value, false, base);
}

String::String(unsigned long long value, unsigned char base) {
  assignNumber(value, false, base);
}

String::String(float value, unsigned int decimals) : String(static_cast<double>(value), decimals) {}

String::String(double value, unsigned int decimals) {
  char room[bot::kDecimalTextBytes];
  concat(room, bot::formatDecimal(room, value, decimals));
}

String::~String() {
  free(data_);
}

String& String::operator=(const String& other) {
  if (this != &other) assign(other.c_str(), other.size_);
  return *this;
}

String& String::operator=(String&& other) noexcept {
  if (this == &other) return *this;
  free(data_);
  data_ = other.data_;
  size_ = other.size_;
  capacity_ = other.capacity_;
  other.data_ = nullptr;
  other.size_ = other.capacity_ = 0;
  return *this;
}

String& String::operator=(const char* text) {
  assign(text ? text : "", text ? strlen(text) : 0);
  return *this;
}

void String::assign(const char* text, size_t size) {
  // The new text may be a part of the current one.
  String copy(text, size);
  *this = static_cast<String&&>(copy);
}

void String::assignNumber(unsigned long long magnitude, bool negative, unsigned base) {
  char room[bot::kNumberTextBytes];
  concat(bot::formatInteger(room, magnitude, negative, base, 'a'));
}

bool String::reserve(size_t capacity) {
  if (data_ && capacity <= capacity_) return true;
  char* grown = static_cast<char*>(realloc(data_, capacity + 1));
  if (!grown) return false;
  grown[size_] = '\0';
  data_ = grown;
  capacity_ = capacity;
  return true;
}

void String::clear() {
  remove(0);
}

bool String::concat(const char* text, size_t size) {
  if (!text) return false;
  const size_t wanted = size_ + size;
  const bool isOwnPart = data_ && text >= data_ && text <= data_ + size_;
  const size_t offset = isOwnPart ? static_cast<size_t>(text - data_) : 0;
  // Growing by half avoids copying the text for every single appended character.
  if (!(data_ && wanted <= capacity_) && !reserve(size_ == 0 ? wanted : wanted + wanted / 2)) return false;
  memmove(data_ + size_, isOwnPart ? data_ + offset : text, size);
  size_ = wanted;
  data_[size_] = '\0';
  return true;
}

bool String::concat(const char* text) {
  return text && concat(text, strlen(text));
}

int String::compareTo(const String& other) const {
  return strcmp(c_str(), other.c_str());
}

bool String::equals(const char* other) const {
  return strcmp(c_str(), other ? other : "") == 0;
}

bool String::equalsIgnoreCase(const String& other) const {
  return size_ == other.size_ && strcasecmp(c_str(), other.c_str()) == 0;
}

bool String::startsWith(const String& prefix, size_t offset) const {
  return offset + prefix.size_ <= size_ && memcmp(c_str() + offset, prefix.c_str(), prefix.size_) == 0;
}

bool String::endsWith(const String& suffix) const {
  return suffix.size_ <= size_ && startsWith(suffix, size_ - suffix.size_);
}

void String::setCharAt(size_t index, char character) {
  if (index < size_) data_[index] = character;
}

char& String::operator[](size_t index) {
  static char outside;
  outside = '\0';
  return index < size_ ? data_[index] : outside;
}

void String::getBytes(unsigned char* out, size_t capacity, size_t index) const {
  if (!out || capacity == 0) return;
  size_t count = index < size_ ? size_ - index : 0;
  if (count > capacity - 1) count = capacity - 1;
  memcpy(out, c_str() + index, count);
  out[count] = '\0';
}

int String::indexOf(char character, size_t from) const {
  for (size_t at = from; at < size_; at++)
    if (data_[at] == character) return static_cast<int>(at);
  return -1;
}

int String::indexOf(const String& text, size_t from) const {
  for (size_t at = from; at + text.size_ <= size_; at++)
    if (startsWith(text, at)) return static_cast<int>(at);
  return -1;
}

int String::lastIndexOf(char character, size_t from) const {
  return lastIndexOf(String(character), from);
}

int String::lastIndexOf(const String& text, size_t from) const {
  if (text.size_ > size_) return -1;
  const size_t last = size_ - text.size_;
  for (size_t at = (from < last ? from : last) + 1; at-- > 0;)
    if (startsWith(text, at)) return static_cast<int>(at);
  return -1;
}

String String::substring(size_t from, size_t to) const {
  if (from > to) {
    const size_t low = to;
    to = from;
    from = low;
  }
  if (to > size_) to = size_;
  return from < to ? String(data_ + from, to - from) : String();
}

void String::replace(char find, char substitute) {
  for (size_t at = 0; at < size_; at++)
    if (data_[at] == find) data_[at] = substitute;
}

void String::replace(const String& find, const String& substitute) {
  if (find.isEmpty()) return;
  String result;
  size_t done = 0;
  for (int at = indexOf(find); at >= 0; at = indexOf(find, done)) {
    result.concat(c_str() + done, at - done);
    result.concat(substitute);
    done = at + find.size_;
  }
  result.concat(c_str() + done, size_ - done);
  *this = static_cast<String&&>(result);
}

void String::remove(size_t index, size_t count) {
  if (index >= size_) return;
  if (count > size_ - index) count = size_ - index;
  memmove(data_ + index, data_ + index + count, size_ - index - count);
  size_ -= count;
  data_[size_] = '\0';
}

void String::toLowerCase() {
  for (size_t at = 0; at < size_; at++) data_[at] = static_cast<char>(tolower(data_[at]));
}

void String::toUpperCase() {
  for (size_t at = 0; at < size_; at++) data_[at] = static_cast<char>(toupper(data_[at]));
}

void String::trim() {
  size_t from = 0, to = size_;
  while (from < to && isspace(data_[from])) from++;
  while (to > from && isspace(data_[to - 1])) to--;
  remove(to);
  remove(0, from);
}

long String::toInt() const {
  return strtol(c_str(), nullptr, 10);
}

double String::toDouble() const {
  return strtod(c_str(), nullptr);
}
