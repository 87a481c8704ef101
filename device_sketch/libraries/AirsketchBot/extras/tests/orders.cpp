// What a check-in's answer must look like before the bot obeys it.
#include <doctest/doctest.h>

#include <string>

#include "core/Orders.h"

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

bool reads(const std::string& text, Orders* out) {
  *out = Orders();
  return OrdersReader(text.data(), text.size(), out).read();
}

}  // namespace

TEST_CASE("a sound offer is read whole") {
  Orders orders;
  REQUIRE(reads(offer("", ""), &orders));
  CHECK(orders.hasOffer);
  CHECK_FALSE(orders.hasNetwork);
  CHECK(orders.poll_after_s == 60);
  CHECK(std::string(orders.offer.updateId.c_str()) == "u1");
  CHECK(orders.offer.size_bytes == 500);
  CHECK(std::string(orders.offer.path.c_str()) == "/device/v1/firmware/u1");
}

TEST_CASE("an offer that is not sound is refused whole") {
  Orders orders;
  for (const char* url :
       {"\"\"", "\"http://evil/device/v1/firmware/u1\"", "\"/device/v1/firmware/\"", "\"/device/v1/firmware/../x\"",
        "\"//evil/device/v1/firmware/u1\"", "\"/other\"", "5", "\"/device/v1/firmware/u1\\r\\nHost: evil\""})
    CHECK_MESSAGE(!reads(offer("url", url), &orders), url);
  for (const char* id : {"\"\"", "\"a/b\"", "7", ""}) CHECK_FALSE(reads(offer("update_id", id), &orders));
  for (const char* digest : {"\"aa\"", "null", ""}) CHECK_FALSE(reads(offer("sha256", digest), &orders));
  CHECK_FALSE(reads(offer("sha256", "\"" + std::string(64, 'g') + "\""), &orders));
  CHECK_FALSE(reads(offer("size_bytes", "\"500\""), &orders));
  CHECK_FALSE(reads(offer("version", "\"" + std::string(65, 'v') + "\""), &orders));
}

TEST_CASE("fields of a newer server are passed over") {
  Orders orders;
  REQUIRE(
      reads("{\"new\":{\"update\":[1,{\"a\":null}]},\"poll_after_s\":7,\"update\":null,\"network\":null}", &orders));
  CHECK(orders.poll_after_s == 7);
  CHECK_FALSE(orders.hasOffer);
}

TEST_CASE("the poll interval stays within its bounds") {
  Orders orders;
  REQUIRE(reads("{\"poll_after_s\":1}", &orders));
  CHECK(orders.poll_after_s == kMinPoll_s);
  REQUIRE(reads("{\"poll_after_s\":99999999}", &orders));
  CHECK(orders.poll_after_s == kMaxPoll_s);
  CHECK_FALSE(reads("{\"poll_after_s\":0}", &orders));
  CHECK_FALSE(reads("{\"poll_after_s\":\"60\"}", &orders));
}

TEST_CASE("a network order needs all its parts") {
  const std::string sealed(130, '0');
  const std::string ssid = "\"ssid\":\"" + sealed + "\"", password = "\"password\":\"" + sealed + "\"";
  Orders orders;
  CHECK(reads("{\"network\":{\"revision\":2," + ssid + "," + password + "}}", &orders));
  CHECK(orders.network.revision == 2);
  CHECK_FALSE(reads("{\"network\":{\"revision\":0," + ssid + "," + password + "}}", &orders));
  CHECK_FALSE(reads("{\"network\":{\"revision\":2," + ssid + "}}", &orders));
  CHECK_FALSE(reads("{\"network\":{\"revision\":2,\"ssid\":\"00\"," + password + "}}", &orders));
}

TEST_CASE("the code of a refusal is found") {
  const std::string problem = "{\"type\":\"about:blank\",\"details\":{\"code\":\"inner\"},\"code\":\"replayed\"}";
  CHECK(std::string(problemCode(problem.data(), problem.size()).c_str()) == "replayed");
  CHECK(problemCode("[]", 2).empty());
}
