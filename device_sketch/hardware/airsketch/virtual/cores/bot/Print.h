// Base class of everything that text can be printed to.
#pragma once

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <time.h>

#include "Printable.h"
#include "WString.h"

#define DEC 10
#define HEX 16
#define OCT 8
#define BIN 2

class Print {
 public:
  virtual ~Print() = default;
  virtual size_t write(uint8_t byte) = 0;
  virtual size_t write(const uint8_t* bytes, size_t size);
  virtual int availableForWrite() { return 0; }
  virtual void flush() {}
  size_t write(const char* text) { return text ? write(text, strlen(text)) : 0; }
  size_t write(const char* text, size_t size) { return write(reinterpret_cast<const uint8_t*>(text), size); }
  int getWriteError() const { return writeError_; }
  void clearWriteError() { writeError_ = 0; }

  size_t printf(const char* format, ...) __attribute__((format(printf, 2, 3)));
  size_t vprintf(const char* format, va_list arguments);

  size_t print(const char* text) { return write(text); }
  size_t print(const __FlashStringHelper* text) { return write(reinterpret_cast<const char*>(text)); }
  size_t print(const String& text) { return write(text.c_str(), text.length()); }
  size_t print(char character) { return write(static_cast<uint8_t>(character)); }
  size_t print(unsigned char value, int base = DEC) { return printUnsigned(value, base); }
  size_t print(int value, int base = DEC) { return printSigned(value, base); }
  size_t print(unsigned int value, int base = DEC) { return printUnsigned(value, base); }
  size_t print(long value, int base = DEC) { return printSigned(value, base); }
  size_t print(unsigned long value, int base = DEC) { return printUnsigned(value, base); }
  size_t print(long long value, int base = DEC) { return printSigned(value, base); }
  size_t print(unsigned long long value, int base = DEC) { return printUnsigned(value, base); }
  size_t print(double value, int decimals = 2);
  size_t print(const Printable& thing) { return thing.printTo(*this); }
  size_t print(struct tm* moment, const char* format = nullptr);

  size_t println() { return write("\r\n", 2); }
  template <typename Value>
  size_t println(const Value& value) {
    return print(value) + println();
  }
  template <typename Value, typename Format>
  size_t println(const Value& value, Format format) {
    return print(value, format) + println();
  }

 protected:
  void setWriteError(int error = 1) { writeError_ = error; }

 private:
  size_t printSigned(long long value, int base);
  size_t printUnsigned(unsigned long long value, int base);

  int writeError_ = 0;
};
