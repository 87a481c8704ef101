// The small classes: counter, backoff, boot guard, button, log, status LED.
#include <doctest/doctest.h>

#include <map>
#include <string>

#include "board.h"

using namespace airsketch;

TEST_CASE("a counter increases over boots and calls, also after a power cut") {
  Persistent persistent;
  ModelStore store(persistent);
  std::string last;
  for (int boot = 0; boot < 4; boot++) {
    CallCounter counter;
    counter.startBoot(store);
    for (int call = 0; call < 3; call++) {
      char now[kCounterDigits + 1];
      counter.next(now);
      CHECK(std::string(now) > last);
      last = now;
    }
  }
  CHECK(last == "0000000400000003");
}

TEST_CASE("a counter whose store was erased doubles its steps until the server accepts") {
  Persistent persistent;
  ModelStore store(persistent);
  CallCounter counter;
  counter.startBoot(store);
  for (int attempts = 0; attempts < 10; attempts++) counter.escapeReplay(store);
  CHECK(counter.boot() == 1 + 1023);
  counter.wasAccepted();
  counter.escapeReplay(store);
  CHECK(counter.boot() == 1025);
  for (int attempts = 0; attempts < 64; attempts++) counter.escapeReplay(store);
  CHECK(counter.boot() == UINT32_MAX);
}

TEST_CASE("waits double up to the cap and are spread at random") {
  Backoff backoff(1000, 60000);
  uint32_t least = 500;
  for (int failure = 0; failure < 300; failure++) {
    const uint32_t wait_ms = backoff.next_ms(static_cast<uint32_t>(failure) * 2654435761u);
    CHECK(wait_ms >= least);
    CHECK(wait_ms <= 2 * least);
    least = std::min(least * 2, 30000u);
  }
  backoff.succeeded();
  CHECK(backoff.next_ms(0) == 500);
  CHECK(Backoff::spread_ms(60, 0) == 54000);
  CHECK(Backoff::spread_ms(60, 12000) == 66000);
  CHECK(Backoff::spread_ms(86400, UINT32_MAX) <= 95040000);
}

TEST_CASE("bots that lost their server together do not come back together") {
  std::map<uint32_t, int> second;
  for (uint32_t bot = 0; bot < 1000; bot++) {
    Backoff backoff(5000, 300000);
    uint32_t wait_ms = 0;
    for (int failure = 0; failure < 8; failure++) wait_ms = backoff.next_ms(bot * 2654435761u + failure);
    second[wait_ms / 1000]++;
  }
  for (const auto& one : second) CHECK(one.second < 30);
}

TEST_CASE("three bad boots lead to rescue mode") {
  BootRecord record{};
  CHECK_FALSE(BootGuard().startBoot(&record, BootCause::kPower));
  for (int crash = 0; crash < 2; crash++) CHECK_FALSE(BootGuard().startBoot(&record, BootCause::kCrash));
  CHECK(BootGuard().startBoot(&record, BootCause::kCrash));
  CHECK(BootGuard().startBoot(&record, BootCause::kCrash));
  CHECK_FALSE(BootGuard().startBoot(&record, BootCause::kPower));
}

TEST_CASE("what is not the sketch's fault is not counted") {
  for (BootCause cause : {BootCause::kPower, BootCause::kSleep}) {
    BootRecord record{};
    for (int boot = 0; boot < 10; boot++) CHECK_FALSE(BootGuard().startBoot(&record, cause));
  }
  BootRecord record{};
  for (int boot = 0; boot < 10; boot++) {
    BootGuard guard;
    CHECK_FALSE(guard.startBoot(&record, BootCause::kCrash));
    guard.markHealthy();
  }
  for (int boot = 0; boot < 10; boot++) {
    BootGuard guard;
    CHECK_FALSE(guard.startBoot(&record, BootCause::kRestart));
    guard.prepareUpdateRestart();
  }
}

TEST_CASE("a sketch that restarts itself at once leads to rescue mode") {
  BootRecord record{};
  BootGuard().startBoot(&record, BootCause::kPower);
  for (int boot = 0; boot < 2; boot++) CHECK_FALSE(BootGuard().startBoot(&record, BootCause::kRestart));
  CHECK(BootGuard().startBoot(&record, BootCause::kRestart));
}

namespace {

// The presses in a sequence of samples; one character per 20 ms, '_' released, '#' pressed.
std::string presses(const std::string& samples) {
  Trigger trigger;
  std::string found;
  uint64_t now_ms = 0;
  for (char level : samples) {
    const Press press = trigger.sample(level == '#', now_ms += Trigger::kSample_ms);
    if (press != Press::kNone) found += press == Press::kShort ? 's' : press == Press::kDouble ? 'd' : 'l';
  }
  return found;
}

std::string times(int count, const std::string& text) {
  std::string all;
  while (count-- > 0) all += text;
  return all;
}

}  // namespace

TEST_CASE("the button knows short, double and long presses") {
  const std::string start = times(10, "_"), gap = times(30, "_"), press = times(8, "#");
  CHECK(presses(start + press + gap) == "s");
  CHECK(presses(start + press + gap + press + gap) == "ss");
  CHECK(presses(start + press + times(8, "_") + press + gap) == "d");
  CHECK(presses(start + times(300, "#") + gap) == "l");
  CHECK(presses(start + times(40, "#_") + gap) == "");
  CHECK(presses(start + "#_#_#" + press + "_#_" + gap) == "s");
}

TEST_CASE("a pin that is low from the start is not a press") {
  CHECK(presses(times(1000, "#")) == "");
  CHECK(presses(times(10, "#") + times(30, "_")) == "");
}

TEST_CASE("the log keeps the newest lines and counts the others") {
  LogRing ring;
  char line[LogRing::kMaxLineBytes + 1];
  CHECK_FALSE(ring.take(line));
  ring.append("hel", 3);
  CHECK_FALSE(ring.hasLines());
  ring.append("lo\r\n\nrest", 9);
  REQUIRE(ring.take(line));
  CHECK(std::string(line) == "hello");
  REQUIRE(ring.take(line));
  CHECK(std::string(line).empty());
  CHECK_FALSE(ring.take(line));
  for (int n = 0; n < 1000; n++) ring.addLine(("line " + std::to_string(n)).c_str());
  int kept = 0;
  std::string last;
  while (ring.take(line)) kept++, last = line;
  CHECK(last == "line 999");
  CHECK(static_cast<int>(ring.dropped()) + kept == 1000);
  ring.append(std::string(1000, 'x').data(), 1000);
  int parts = 0;
  while (ring.take(line)) parts++;
  CHECK(parts == 1000 / static_cast<int>(LogRing::kMaxLineBytes) - 1);
}

TEST_CASE("the LED is off while everything works") {
  using AirsketchBot::State;
  for (uint64_t now_ms = 0; now_ms < 4000; now_ms += 10)
    CHECK_FALSE(ledIsOn(State::kIdle, false, NetworkError::kNone, now_ms));
  for (NetworkError error : {NetworkError::kNoSuchNetwork, NetworkError::kWrongPassword, NetworkError::kServerSilent}) {
    int flashes = 0;
    for (uint64_t now_ms = 0; now_ms < 2000; now_ms++)
      flashes += ledIsOn(State::kIdle, false, error, now_ms) && !ledIsOn(State::kIdle, false, error, now_ms + 1);
    CHECK(flashes == flashesFor(error));
  }
}

TEST_CASE("texts are bounded and numbers are read strictly") {
  Text<5> text;
  text.add("abc").add("defg");
  CHECK(std::string(text.c_str()) == "abcde");
  CHECK_FALSE(text.fits());
  CHECK(std::string(Text<40>().add(INT64_MIN).c_str()) == "-9223372036854775808");
  CHECK(std::string(Text<40>().addEscaped("a\"\\\n\x7f").c_str()) == "a\\\"\\\\  ");
  CHECK(numberOr("4294967295", 7) == 4294967295u);
  for (const char* wrong : {"", "4294967296", "-1", "1x", " 1"}) CHECK(numberOr(wrong, 7) == 7);
}
