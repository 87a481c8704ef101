// Random numbers and number helpers of the Arduino language.
#include "Arduino.h"
#include "bot_host.h"

namespace {
// After randomSeed() the numbers are the same on every run; before it they are unpredictable.
bool seeded = false;
uint64_t state = 0;

uint32_t nextSeeded() {
  // SplitMix64 (Steele, Lea, Flood 2014), upper half.
  state += 0x9E3779B97F4A7C15u;
  uint64_t mixed = (state ^ state >> 30) * 0xBF58476D1CE4E5B9u;
  mixed = (mixed ^ mixed >> 27) * 0x94D049BB133111EBu;
  return static_cast<uint32_t>((mixed ^ mixed >> 31) >> 32);
}
}  // namespace

void randomSeed(unsigned long seed) {
  if (seed == 0) return;
  seeded = true;
  state = seed;
}

long random(long end) {
  if (end <= 0) return 0;
  const uint32_t value = seeded ? nextSeeded() : bot::host::bot_random();
  return static_cast<long>(value % static_cast<uint32_t>(end));
}

long random(long start, long end) {
  return start >= end ? start : start + random(end - start);
}

long map(long value, long fromLow, long fromHigh, long toLow, long toHigh) {
  const long long span = static_cast<long long>(fromHigh) - fromLow;
  if (span == 0) return -1;
  return static_cast<long>((static_cast<long long>(value) - fromLow) * (toHigh - toLow) / span + toLow);
}

extern "C" uint32_t esp_random() {
  return bot::host::bot_random();
}

extern "C" void esp_fill_random(void* out, size_t size) {
  auto* bytes = static_cast<uint8_t*>(out);
  for (size_t at = 0; at < size; at++) bytes[at] = static_cast<uint8_t>(bot::host::bot_random());
}
