// The string type of Arduino sketches.
#pragma once

#include <stddef.h>
#include <stdint.h>

class __FlashStringHelper;

// A growable string. When memory runs out it becomes empty, and operator bool is false.
class String {
 public:
  String(const char* text = "");
  String(const char* text, size_t size);
  String(const uint8_t* text, size_t size) : String(reinterpret_cast<const char*>(text), size) {}
  String(const __FlashStringHelper* text) : String(reinterpret_cast<const char*>(text)) {}
  String(const String& other);
  String(String&& other) noexcept;
  explicit String(char character);
  explicit String(unsigned char value, unsigned char base = 10);
  explicit String(int value, unsigned char base = 10);
  explicit String(unsigned int value, unsigned char base = 10);
  explicit String(long value, unsigned char base = 10);
  explicit String(unsigned long value, unsigned char base = 10);
  explicit String(long long value, unsigned char base = 10);
  explicit String(unsigned long long value, unsigned char base = 10);
  explicit String(float value, unsigned int decimals = 2);
  explicit String(double value, unsigned int decimals = 2);
  ~String();

  String& operator=(const String& other);
  String& operator=(String&& other) noexcept;
  String& operator=(const char* text);
  String& operator=(const __FlashStringHelper* text) { return *this = reinterpret_cast<const char*>(text); }

  explicit operator bool() const { return data_ != nullptr; }
  bool reserve(size_t capacity);
  size_t length() const { return size_; }
  bool isEmpty() const { return size_ == 0; }
  void clear();
  const char* c_str() const { return data_ ? data_ : ""; }
  char* begin() { return data_; }
  char* end() { return data_ + size_; }
  const char* begin() const { return c_str(); }
  const char* end() const { return c_str() + size_; }

  bool concat(const char* text, size_t size);
  bool concat(const String& text) { return concat(text.c_str(), text.size_); }
  bool concat(const char* text);
  bool concat(const __FlashStringHelper* text) { return concat(reinterpret_cast<const char*>(text)); }
  bool concat(char character) { return concat(&character, 1); }
  template <typename Number>
  bool concat(Number value) {
    return concat(String(value));
  }
  template <typename Part>
  String& operator+=(const Part& part) {
    concat(part);
    return *this;
  }

  int compareTo(const String& other) const;
  bool equals(const String& other) const { return compareTo(other) == 0; }
  bool equals(const char* other) const;
  bool equalsIgnoreCase(const String& other) const;
  bool startsWith(const String& prefix, size_t offset = 0) const;
  bool endsWith(const String& suffix) const;

  char charAt(size_t index) const { return index < size_ ? data_[index] : '\0'; }
  void setCharAt(size_t index, char character);
  char operator[](size_t index) const { return charAt(index); }
  char& operator[](size_t index);
  void getBytes(unsigned char* out, size_t capacity, size_t index = 0) const;
  void toCharArray(char* out, size_t capacity, size_t index = 0) const {
    getBytes(reinterpret_cast<unsigned char*>(out), capacity, index);
  }

  int indexOf(char character, size_t from = 0) const;
  int indexOf(const String& text, size_t from = 0) const;
  int lastIndexOf(char character) const { return lastIndexOf(character, size_); }
  int lastIndexOf(char character, size_t from) const;
  int lastIndexOf(const String& text) const { return lastIndexOf(text, size_); }
  int lastIndexOf(const String& text, size_t from) const;
  String substring(size_t from) const { return substring(from, size_); }
  String substring(size_t from, size_t to) const;

  void replace(char find, char substitute);
  void replace(const String& find, const String& substitute);
  void remove(size_t index, size_t count = static_cast<size_t>(-1));
  void toLowerCase();
  void toUpperCase();
  void trim();

  long toInt() const;
  float toFloat() const { return static_cast<float>(toDouble()); }
  double toDouble() const;

 private:
  void assign(const char* text, size_t size);
  void assignNumber(unsigned long long magnitude, bool negative, unsigned base);

  char* data_ = nullptr;
  size_t size_ = 0;
  size_t capacity_ = 0;  // without the terminating zero
};

class StringSumHelper : public String {
 public:
  using String::String;
};

template <typename Part>
String operator+(String left, const Part& right) {
  left += right;
  return left;
}

inline bool operator==(const String& a, const String& b) {
  return a.equals(b);
}
inline bool operator==(const String& a, const char* b) {
  return a.equals(b);
}
inline bool operator==(const char* a, const String& b) {
  return b.equals(a);
}
inline bool operator!=(const String& a, const String& b) {
  return !a.equals(b);
}
inline bool operator!=(const String& a, const char* b) {
  return !a.equals(b);
}
inline bool operator!=(const char* a, const String& b) {
  return !b.equals(a);
}
inline bool operator<(const String& a, const String& b) {
  return a.compareTo(b) < 0;
}
inline bool operator>(const String& a, const String& b) {
  return a.compareTo(b) > 0;
}
inline bool operator<=(const String& a, const String& b) {
  return a.compareTo(b) <= 0;
}
inline bool operator>=(const String& a, const String& b) {
  return a.compareTo(b) >= 0;
}

namespace bot {

// Enough for any 64-bit number in base 2 with sign and terminating zero.
constexpr size_t kNumberTextBytes = 66;
// Enough for any double with up to `kMaxDecimals` decimal places.
constexpr size_t kDecimalTextBytes = 340;
constexpr unsigned kMaxDecimals = 20;

// Writes a number in base 2 to 36 (others count as 10) to the end of `room`. Returns its first character.
char* formatInteger(char (&room)[kNumberTextBytes], unsigned long long magnitude, bool negative, unsigned base,
                    char firstLetter);
// Writes a number with a fixed number of decimal places. Returns its length.
size_t formatDecimal(char (&room)[kDecimalTextBytes], double value, unsigned decimals);

}  // namespace bot
