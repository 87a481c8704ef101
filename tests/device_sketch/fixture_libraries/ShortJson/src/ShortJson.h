// Flat JSON objects of numbers, truth values and texts.
#pragma once

#include <Arduino.h>

#include <cstddef>
#include <limits>
#include <string>
#include <type_traits>

namespace shortjson {

template <typename Value, typename = void>
struct Codec;

template <typename Value>
struct Codec<Value, std::enable_if_t<std::is_integral<Value>::value && !std::is_same<Value, bool>::value>> {
  static void put(Print& out, Value value) { out.print(value); }
  static Value get(const String& text) {
    const long value = text.toInt();
    const bool fits = value >= static_cast<long>(std::numeric_limits<Value>::min()) || std::is_unsigned<Value>::value;
    return fits ? static_cast<Value>(value) : Value();
  }
};

template <typename Value>
struct Codec<Value, std::enable_if_t<std::is_floating_point<Value>::value>> {
  static void put(Print& out, Value value) { out.print(static_cast<double>(value), 3); }
  static Value get(const String& text) { return static_cast<Value>(text.toDouble()); }
};

template <>
struct Codec<bool> {
  static void put(Print& out, bool value) { out.print(value ? F("true") : F("false")); }
  static bool get(const String& text) { return text == "true"; }
};

template <>
struct Codec<String> {
  static void put(Print& out, const String& value) {
    out.write('"');
    for (const char letter : value) {
      if (letter == '"' || letter == '\\') out.write('\\');
      out.write(letter);
    }
    out.write('"');
  }
  static String get(const String& text) { return text; }
};

template <>
struct Codec<const char*> {
  static void put(Print& out, const char* value) { Codec<String>::put(out, value); }
};

template <>
struct Codec<std::string> {
  static void put(Print& out, const std::string& value) { Codec<String>::put(out, value.c_str()); }
  static std::string get(const String& text) { return std::string(text.c_str()); }
};

// Collects what is printed to it.
class StringPrint : public Print {
 public:
  explicit StringPrint(String& text) : text_(text) {}
  size_t write(uint8_t byte) override { return text_.concat(static_cast<char>(byte)) ? 1 : 0; }
  using Print::write;

 private:
  String& text_;
};

template <size_t Capacity>
class Document {
 public:
  class Member {
   public:
    Member(Document& document, const String& key) : document_(document), key_(key) {}
    template <typename Value>
    Member& operator=(const Value& value) {
      String text;
      StringPrint out(text);
      Codec<std::decay_t<const Value>>::put(out, value);
      document_.set(key_, text);
      return *this;
    }
    template <typename Value>
    Value as() const {
      return Codec<Value>::get(document_.get(key_));
    }
    template <typename Value>
    operator Value() const {
      return as<Value>();
    }
    template <typename Value>
    Value operator|(const Value& fallback) const {
      return document_.find(key_) < 0 ? fallback : as<Value>();
    }

   private:
    Document& document_;
    String key_;
  };

  Member operator[](const char* key) { return Member(*this, key); }
  Member operator[](const __FlashStringHelper* key) { return Member(*this, key); }
  size_t size() const { return size_; }

  size_t writeTo(Print& out) const {
    size_t written = out.print('{');
    for (size_t at = 0; at < size_; at++) {
      if (at > 0) written += out.print(',');
      written += out.print('"') + out.print(keys_[at]) + out.print(F("\":")) + out.print(values_[at]);
    }
    return written + out.print('}');
  }

  bool readFrom(Stream& in) {
    size_ = 0;
    if (!in.find('{')) return false;
    while (in.find('"')) {
      const String key = in.readStringUntil('"');
      if (!in.find(':')) return false;
      const bool isText = in.peek() == '"';
      if (isText) in.read();
      String value = in.readStringUntil(isText ? '"' : ',');
      const bool isLast = !isText && value.endsWith("}");
      if (isLast) value.remove(value.length() - 1);
      if (!set(key, value)) return false;
      if (isLast || (isText && in.read() == '}')) return true;
    }
    return false;
  }

 private:
  int find(const String& key) const {
    for (size_t at = 0; at < size_; at++)
      if (keys_[at] == key) return static_cast<int>(at);
    return -1;
  }
  bool set(const String& key, const String& value) {
    int at = find(key);
    if (at < 0 && size_ == Capacity) return false;
    if (at < 0) at = static_cast<int>(size_++);
    keys_[at] = key;
    values_[at] = value;
    return true;
  }
  String get(const String& key) const {
    const int at = find(key);
    return at < 0 ? String() : values_[at];
  }

  String keys_[Capacity];
  String values_[Capacity];
  size_t size_ = 0;
};

}  // namespace shortjson
