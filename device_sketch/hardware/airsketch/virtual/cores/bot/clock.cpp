// Time: counted from the start of the bot, by the host's clock.
#include <time.h>

#include "Arduino.h"
#include "agent.h"
#include "bot_host.h"
#include "system/tickers_due.h"

namespace {
constexpr uint32_t kPollsBeforeRest = 2000;
constexpr double kMicrosecondsPerMillisecond = 1000.0;
uint32_t pollsSinceRest = 0;

// Runs the agent. Returns the time until it is due again.
double agentDue_us() {
  return bot_agent_serve() * kMicrosecondsPerMillisecond;
}
}  // namespace

double (*bot::serveTickers)(double limit_us) = nullptr;

void bot::host::notePolling() {
  if (++pollsSinceRest < kPollsBeforeRest) return;
  pollsSinceRest = 0;
  bot_agent_serve();
  bot_idle();
}

unsigned long millis() {
  bot::host::notePolling();
  return static_cast<unsigned long>(static_cast<uint64_t>(bot::host::bot_now_us() / kMicrosecondsPerMillisecond));
}

unsigned long micros() {
  bot::host::notePolling();
  return static_cast<unsigned long>(static_cast<uint64_t>(bot::host::bot_now_us()));
}

void delay(uint32_t duration_ms) {
  pollsSinceRest = 0;
  const double duration_us = duration_ms * kMicrosecondsPerMillisecond;
  double next_us = agentDue_us();
  if (!bot::serveTickers && next_us >= duration_us) return bot::host::bot_sleep_us(duration_us);
  const double end_us = bot::host::bot_now_us() + duration_us;
  for (double left_us = duration_us; left_us > 0; left_us = end_us - bot::host::bot_now_us()) {
    if (next_us > left_us) next_us = left_us;
    bot::host::bot_sleep_us(bot::serveTickers ? bot::serveTickers(next_us) : next_us);
    next_us = agentDue_us();
  }
}

void delayMicroseconds(uint32_t duration_us) {
  bot::host::bot_sleep_us(duration_us);
}

void yield() {
  bot_agent_serve();
  bot::host::bot_idle();
}

extern "C" int64_t esp_timer_get_time() {
  return static_cast<int64_t>(bot::host::bot_now_us());
}

// The host's clock is right already, so no time server is needed; only the offsets matter.
namespace {
long offsetFromUtc_s = 0;
}

void configTime(long gmtOffset_s, int daylightOffset_s, const char*, const char*, const char*) {
  offsetFromUtc_s = gmtOffset_s + daylightOffset_s;
}

bool getLocalTime(struct tm* out, uint32_t) {
  const time_t local = time(nullptr) + offsetFromUtc_s;
  return gmtime_r(&local, out) != nullptr;
}
