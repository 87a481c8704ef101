// The pull parser: what JSON is, what it is not, and that no input at all can harm it.
#include <doctest/doctest.h>

#include <chrono>
#include <random>
#include <string>
#include <vector>

#include "core/Orders.h"

using namespace airsketch;

namespace {

bool isJson(const std::string& text) {
  // A copy without spare room, so that a read past the end is seen.
  const std::vector<char> exact(text.begin(), text.end());
  JsonReader reader(exact.data(), exact.size());
  for (;;) {
    const JsonToken token = reader.next();
    if (token == JsonToken::kEnd) return true;
    if (token == JsonToken::kFault) return false;
  }
}

std::string firstText(const std::string& json) {
  JsonReader reader(json.data(), json.size());
  return reader.next() == JsonToken::kText ? reader.text() : "no text";
}

const std::string kFullAnswer =
    "{\"poll_after_s\":60,\"update\":{\"update_id\":\"0123456789abcdef0123456789abcdef\",\"release\":\"Blink\","
    "\"version\":"
    "\"1\",\"size_bytes\":50000,\"sha256\":\"" +
    std::string(64, 'a') +
    "\",\"url\":\"/device/v1/firmware/0123456789abcdef0123456789abcdef\"},\"network\":{\"revision\":3,"
    "\"ssid\":\"" +
    std::string(130, '1') + "\",\"password\":\"" + std::string(130, '2') + "\"}}";

}  // namespace

TEST_CASE("values of every kind are JSON") {
  for (const char* sound : {"{}", "[]", "null", "true", "false", "0", "-1", "\"\"", " { \"a\" : [ 1 , { } ] } ",
                            "[[],[[]],{\"a\":{}}]", "\"\\u00e9\\ud83d\\ude00\\\\\\\"\\/\\b\\f\\n\\r\\t\""})
    CHECK_MESSAGE(isJson(sound), sound);
}

TEST_CASE("faults are found") {
  for (const char* wrong : {"",
                            " ",
                            "{",
                            "}",
                            "[",
                            "]",
                            "{]",
                            "[}",
                            "{\"a\"}",
                            "{\"a\":}",
                            "{\"a\":1,}",
                            "{,}",
                            "[1,]",
                            "[,1]",
                            "[1 2]",
                            "{\"a\" 1}",
                            "{a:1}",
                            "nul",
                            "nulll",
                            "truefalse",
                            "01",
                            "-",
                            "--1",
                            "+1",
                            "1.5",
                            "1e3",
                            "1234567890123456789012",
                            "\"",
                            "\"\\",
                            "\"\\x\"",
                            "\"\\u12\"",
                            "\"\\ud83d\"",
                            "\"\\ude00\"",
                            "\"\\ud83d\\u0041\"",
                            "\"\n\"",
                            "{} {}",
                            "1 1",
                            "{\"a\":1",
                            "[1"})
    CHECK_MESSAGE(!isJson(wrong), wrong);
  CHECK_FALSE(isJson(std::string("{}\0", 3)));
}

TEST_CASE("escapes become UTF-8") {
  CHECK(firstText("\"a\\u00e9\\u20ac\\ud83d\\ude00\\n\"") == "a\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\n");
}

TEST_CASE("depth and length of texts are bounded") {
  CHECK(isJson(std::string(16, '[') + std::string(16, ']')));
  CHECK_FALSE(isJson(std::string(17, '[') + std::string(17, ']')));
  CHECK_FALSE(isJson(std::string(100000, '[')));
  const std::string longText = "\"" + std::string(100000, 'x') + "\"";
  JsonReader reader(longText.data(), longText.size());
  CHECK(reader.next() == JsonToken::kText);
  CHECK_FALSE(reader.textFits());
  CHECK(reader.textSize() == JsonReader::kMaxTextBytes);
  CHECK(reader.next() == JsonToken::kEnd);
}

TEST_CASE("every start of an answer is a fault") {
  for (size_t size = 0; size < kFullAnswer.size(); size++) CHECK_FALSE(isJson(kFullAnswer.substr(0, size)));
  CHECK(isJson(kFullAnswer));
}

TEST_CASE("no input harms the reader of orders") {
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(2);
  std::mt19937 chance(20260101);
  size_t rounds = 0;
  for (; std::chrono::steady_clock::now() < end; rounds++) {
    std::string text = chance() % 8 == 0 ? std::string(chance() % 300, '\0') : kFullAnswer;
    const int changes = 1 + static_cast<int>(chance() % 6);
    for (int change = 0; change < changes && !text.empty(); change++) {
      const size_t at = chance() % text.size();
      static const char kTelling[] = "{}[]\",:\\u0-9tfn. \n";
      switch (chance() % 4) {
        case 0:
          text[at] = static_cast<char>(chance());
          break;
        case 1:
          text[at] = kTelling[chance() % (sizeof kTelling - 1)];
          break;
        case 2:
          text.erase(at, chance() % 20);
          break;
        default:
          text.insert(at, text.substr(chance() % text.size(), chance() % 40));
      }
    }
    const std::vector<char> exact(text.begin(), text.end());
    Orders orders;
    if (OrdersReader(exact.data(), exact.size(), &orders).read() && orders.hasOffer) {
      CHECK(orders.offer.path.size() > 20);
      CHECK(strlen(orders.offer.sha256) == 64);
    }
    problemCode(exact.data(), exact.size());
  }
  CHECK(rounds > 1000);
}
