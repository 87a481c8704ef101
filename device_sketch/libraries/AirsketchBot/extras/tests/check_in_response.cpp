// What a check-in response must look like before the bot acts on it.
#include <doctest/doctest.h>

#include <string>

#include "core/CheckInResponse.h"

using namespace airsketch;

namespace {

const std::string kSha256(64, 'a');

std::string offer(const std::string& field, const std::string& value) {
  const std::string fields[][2] = {
      {"update_id", "\"u1\""}, {"release", "\"Blink\""},          {"version", "\"1\""},
      {"size_bytes", "500"},   {"sha256", "\"" + kSha256 + "\""}, {"url", "\"/device/v1/firmware/u1\""}};
  std::string text = "{\"poll_after_s\":60,\"update\":{";
  for (const auto& one : fields) {
    const std::string& given = one[0] == field ? value : one[1];
    if (!given.empty()) text += "\"" + one[0] + "\":" + given + ",";
  }
  text.back() = '}';
  return text + ",\"network\":null}";
}

bool reads(const std::string& text, CheckInResponse* out) {
  *out = CheckInResponse();
  return CheckInResponseReader(text.data(), text.size(), out).read();
}

}  // namespace

TEST_CASE("a valid offer is read completely") {
  CheckInResponse response;
  REQUIRE(reads(offer("", ""), &response));
  CHECK(response.hasOffer);
  CHECK_FALSE(response.hasNetwork);
  CHECK(response.poll_after_s == 60);
  CHECK(std::string(response.offer.updateId.c_str()) == "u1");
  CHECK(response.offer.size_bytes == 500);
  CHECK(std::string(response.offer.path.c_str()) == "/device/v1/firmware/u1");
}

TEST_CASE("an invalid offer is refused as a whole") {
  CheckInResponse response;
  for (const char* url :
       {"\"\"", "\"http://evil/device/v1/firmware/u1\"", "\"/device/v1/firmware/\"", "\"/device/v1/firmware/../x\"",
        "\"//evil/device/v1/firmware/u1\"", "\"/other\"", "5", "\"/device/v1/firmware/u1\\r\\nHost: evil\""})
    CHECK_MESSAGE(!reads(offer("url", url), &response), url);
  for (const char* id : {"\"\"", "\"a/b\"", "7", ""}) CHECK_FALSE(reads(offer("update_id", id), &response));
  for (const char* digest : {"\"aa\"", "null", ""}) CHECK_FALSE(reads(offer("sha256", digest), &response));
  CHECK_FALSE(reads(offer("sha256", "\"" + std::string(64, 'g') + "\""), &response));
  CHECK_FALSE(reads(offer("size_bytes", "\"500\""), &response));
  CHECK_FALSE(reads(offer("version", "\"" + std::string(65, 'v') + "\""), &response));
}

TEST_CASE("fields of a newer server are ignored") {
  CheckInResponse response;
  REQUIRE(
      reads("{\"new\":{\"update\":[1,{\"a\":null}]},\"poll_after_s\":7,\"update\":null,\"network\":null}", &response));
  CHECK(response.poll_after_s == 7);
  CHECK_FALSE(response.hasOffer);
}

TEST_CASE("the poll interval stays within its bounds") {
  CheckInResponse response;
  REQUIRE(reads("{\"poll_after_s\":1}", &response));
  CHECK(response.poll_after_s == kMinPoll_s);
  REQUIRE(reads("{\"poll_after_s\":99999999}", &response));
  CHECK(response.poll_after_s == kMaxPoll_s);
  CHECK_FALSE(reads("{\"poll_after_s\":0}", &response));
  CHECK_FALSE(reads("{\"poll_after_s\":\"60\"}", &response));
}

TEST_CASE("network settings need all their fields") {
  const std::string sealed(130, '0');
  const std::string ssid = "\"ssid\":\"" + sealed + "\"", password = "\"password\":\"" + sealed + "\"";
  CheckInResponse response;
  CHECK(reads("{\"network\":{\"revision\":2," + ssid + "," + password + "}}", &response));
  CHECK(response.network.revision == 2);
  CHECK_FALSE(reads("{\"network\":{\"revision\":0," + ssid + "," + password + "}}", &response));
  CHECK_FALSE(reads("{\"network\":{\"revision\":2," + ssid + "}}", &response));
  CHECK_FALSE(reads("{\"network\":{\"revision\":2,\"ssid\":\"00\"," + password + "}}", &response));
}

TEST_CASE("the code of a refusal is found") {
  const std::string problem = "{\"type\":\"about:blank\",\"details\":{\"code\":\"inner\"},\"code\":\"replayed\"}";
  CHECK(std::string(problemCode(problem.data(), problem.size()).c_str()) == "replayed");
  CHECK(problemCode("[]", 2).empty());
}
