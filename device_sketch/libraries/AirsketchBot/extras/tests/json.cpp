// The pull parser: what is JSON, what is not, and that no input can crash it.
#include <doctest/doctest.h>

#include <chrono>
#include <random>
#include <string>
#include <vector>

#include "core/CheckInResponse.h"

using namespace airsketch;

namespace {

bool isJson(const std::string& text) {
  // A copy of the exact size, so that reading past the end is detected.
  const std::vector<char> exact(text.begin(), text.end());
  JsonReader reader(exact.data(), exact.size());
  for (;;) {
    const JsonToken token = reader.next();
    if (token == JsonToken::kEnd) return true;
    if (token == JsonToken::kError) return false;
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
  for (const char* valid : {"{}", "[]", "null", "true", "false", "0", "-1", "\"\"", " { \"a\" : [ 1 , { } ] } ",
                            "[[],[[]],{\"a\":{}}]", "\"\\u00e9\\ud83d\\ude00\\\\\\\"\\/\\b\\f\\n\\r\\t\""})
    CHECK_MESSAGE(isJson(valid), valid);
}

TEST_CASE("errors are found") {
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

TEST_CASE("every truncated response is an error") {
  for (size_t size = 0; size < kFullAnswer.size(); size++) CHECK_FALSE(isJson(kFullAnswer.substr(0, size)));
  CHECK(isJson(kFullAnswer));
}

TEST_CASE("no input crashes the check-in response parser") {
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(2);
  std::mt19937 random(20260101);
  size_t rounds = 0;
  for (; std::chrono::steady_clock::now() < end; rounds++) {
    std::string text = random() % 8 == 0 ? std::string(random() % 300, '\0') : kFullAnswer;
    const int changes = 1 + static_cast<int>(random() % 6);
    for (int change = 0; change < changes && !text.empty(); change++) {
      const size_t at = random() % text.size();
      static const char kSyntax[] = "{}[]\",:\\u0-9tfn. \n";
      switch (random() % 4) {
        case 0:
          text[at] = static_cast<char>(random());
          break;
        case 1:
          text[at] = kSyntax[random() % (sizeof kSyntax - 1)];
          break;
        case 2:
          text.erase(at, random() % 20);
          break;
        default:
          text.insert(at, text.substr(random() % text.size(), random() % 40));
      }
    }
    const std::vector<char> exact(text.begin(), text.end());
    CheckInResponse response;
    if (CheckInResponseReader(exact.data(), exact.size(), &response).read() && response.hasOffer) {
      CHECK(response.offer.path.size() > 20);
      CHECK(strlen(response.offer.sha256) == 64);
    }
    problemCode(exact.data(), exact.size());
  }
  CHECK(rounds > 1000);
}
