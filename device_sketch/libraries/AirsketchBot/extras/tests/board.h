// A simulated board: storage that survives a power cut, a bootloader with two slots, and a simulated clock.
#pragma once

#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "core/Session.h"
#include "server.h"

struct PowerCut {};
struct Restart {};

using Bytes = std::vector<uint8_t>;

inline std::string sha256Of(const Bytes& bytes) {
  uint8_t digest[32];
  char digits[65];
  airsketch::Sha256().add(bytes.data(), bytes.size()).finish(digest);
  airsketch::toHex(digest, sizeof digest, digits);
  return digits;
}

enum class SlotState { kEmpty, kNew, kPending, kValid, kAborted };

// What survives a power cut, and the moment at which the power goes.
struct Persistent {
  std::map<std::string, std::string> texts;
  std::set<std::string> keysRead;
  Bytes slots[2];
  SlotState states[2] = {SlotState::kValid, SlotState::kEmpty};
  int bootSlot = 0;
  long moments = 0;       // counted wherever a power cut could hit
  long cutAtMoment = -1;  // -1: never

  void moment() {
    if (moments++ == cutAtMoment) throw PowerCut();
  }

  // What the bootloader does at each start.
  void startBoot() {
    if (states[bootSlot] == SlotState::kPending) {
      states[bootSlot] = SlotState::kAborted;
      bootSlot = 1 - bootSlot;
    }
    if (states[bootSlot] == SlotState::kNew) states[bootSlot] = SlotState::kPending;
  }
};

class ModelStore final : public airsketch::Store {
 public:
  explicit ModelStore(Persistent& persistent) : persistent_(persistent) {}

  int32_t read(const char* key, char* out, size_t capacity) override {
    persistent_.keysRead.insert(key);
    const auto found = persistent_.texts.find(key);
    if (found == persistent_.texts.end()) return -1;
    memcpy(out, found->second.data(), std::min(capacity, found->second.size()));
    return static_cast<int32_t>(found->second.size());
  }

  bool set(const char* key, const char* text) override {
    persistent_.moment();
    if (isFull) return false;
    persistent_.texts[key] = text;
    persistent_.moment();
    return true;
  }

  void remove(const char* key) override {
    persistent_.moment();
    persistent_.texts.erase(key);
  }

  bool isFull = false;

 private:
  Persistent& persistent_;
};

class ModelFlash final : public airsketch::Flash {
 public:
  static constexpr uint8_t kImageStart = 0xE9;

  explicit ModelFlash(Persistent& persistent) : persistent_(persistent), running_(persistent.bootSlot) {}

  void runningDigest(airsketch::Text<64>* out) override { out->set(sha256Of(persistent_.slots[running_]).c_str()); }
  void runningSlot(airsketch::Text<16>* out) override { out->set(running_ ? "ota_1" : "ota_0"); }
  uint32_t slot_bytes() override { return 10000; }

  airsketch::OtaError begin(uint32_t) override {
    persistent_.moment();
    persistent_.slots[1 - running_].clear();
    return airsketch::OtaError::kNone;
  }

  bool isForThisChip(const uint8_t* start, size_t) override { return start[0] == kImageStart; }

  airsketch::OtaError write(const void* bytes, size_t size) override {
    persistent_.moment();
    if (isBroken) return airsketch::OtaError::kFlashWrite;
    const uint8_t* const from = static_cast<const uint8_t*>(bytes);
    persistent_.slots[1 - running_].insert(persistent_.slots[1 - running_].end(), from, from + size);
    persistent_.moment();
    return airsketch::OtaError::kNone;
  }

  airsketch::OtaError finish() override {
    persistent_.moment();
    persistent_.states[1 - running_] = SlotState::kNew;
    persistent_.bootSlot = 1 - running_;
    persistent_.moment();
    return airsketch::OtaError::kNone;
  }

  void abort() override {}
  bool isOnTrial() override { return persistent_.states[running_] == SlotState::kPending; }

  void confirm() override {
    if (!isOnTrial()) return;
    persistent_.moment();
    persistent_.states[running_] = SlotState::kValid;
    persistent_.moment();
  }

  bool wasRolledBack() override { return persistent_.states[1 - running_] == SlotState::kAborted; }

  bool returnToPrevious() override {
    if (persistent_.states[1 - running_] != SlotState::kValid) return false;
    persistent_.states[1 - running_] = SlotState::kNew;
    persistent_.bootSlot = 1 - running_;
    return true;
  }

  bool isBroken = false;

 private:
  Persistent& persistent_;
  int running_;
};

class ModelWifi final : public airsketch::Wifi {
 public:
  airsketch::Link link() override { return isUp ? airsketch::Link::kUp : airsketch::Link::kDown; }
  airsketch::NetworkError joinError() override { return error; }

  void join(const char* ssid, const char* password) override {
    joined.push_back(ssid);
    const auto found = networks.find(ssid);
    isUp = found != networks.end() && found->second == password;
    error = isUp                      ? airsketch::NetworkError::kNone
            : found == networks.end() ? airsketch::NetworkError::kNoSuchNetwork
                                      : airsketch::NetworkError::kWrongPassword;
  }

  bool hasOwnNetwork() override { return false; }
  int32_t rssi_dbm() override { return -50; }

  std::map<std::string, std::string> networks{{"home", "secret"}};
  std::vector<std::string> joined;
  bool isUp = false;
  airsketch::NetworkError error = airsketch::NetworkError::kNone;
};

class ModelSystem final : public airsketch::System {
 public:
  uint64_t now_ms() override { return clock_ms; }
  uint32_t random() override { return seed = seed * 1664525 + 1013904223; }
  const char* board() override { return "esp32:esp32:esp32"; }
  airsketch::BootCause bootCause() override { return cause; }
  const char* resetReason() override { return "power_on"; }
  uint32_t freeHeap_bytes() override { return 100000; }
  void loadBootRecord(airsketch::BootRecord* out) override { *out = record; }
  void saveBootRecord(const airsketch::BootRecord& saved) override { record = saved; }
  void restart() override { throw Restart(); }
  bool claimPin(int32_t, bool, bool) override { return true; }
  int32_t defaultTriggerPin() override { return 0; }
  bool readPin(int32_t) override { return !isButtonPressed; }
  void writePin(int32_t, bool high) override { ledIsOn = high; }
  void println(const char* line) override { printed.push_back(line); }

  uint64_t clock_ms = 0;
  uint32_t seed = 1;
  airsketch::BootCause cause = airsketch::BootCause::kPower;
  airsketch::BootRecord record{};
  bool isButtonPressed = false;
  bool ledIsOn = false;
  std::vector<std::string> printed;
};

// How one boot ended.
enum class End { kTimeIsOver, kRestart, kPowerCut };

// A bot over many boots.
class ModelBot {
 public:
  explicit ModelBot(ModelServer& server) : server_(server) {
    persistent.texts = {{"product_id", "bot_001"},
                        {"server", "http://server"},
                        {"ssid", "home"},
                        {"pass", "secret"},
                        {"device_key", "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"}};
    persistent.slots[0] = {ModelFlash::kImageStart, 'o', 'l', 'd'};
  }

  // `before` may change the parts, `during` is called before each step.
  End boot(uint64_t run_ms, std::function<void(airsketch::Session&)> during = nullptr) {
    persistent.startBoot();
    ModelStore store(persistent);
    ModelFlash flash(persistent);
    system.clock_ms = 0;
    wifi.isUp = false;
    store.isFull = storeIsFull;
    flash.isBroken = flashIsBroken;
    server_.onMoment = [this] { persistent.moment(); };
    airsketch::Session session(server_, flash, store, wifi, system);
    End end = End::kTimeIsOver;
    try {
      inRescue = session.start();
      while (system.clock_ms < run_ms) {
        if (during) during(session);
        const uint32_t wait_ms = session.step();
        system.clock_ms += wait_ms == airsketch::Session::kNever_ms ? run_ms : wait_ms == 0 ? 1 : wait_ms;
      }
    } catch (const Restart&) {
      end = End::kRestart;
    } catch (const PowerCut&) {
      end = End::kPowerCut;
    }
    persistent.cutAtMoment = -1;
    lastError = session.lastError();
    system.cause = end == End::kRestart ? airsketch::BootCause::kRestart : airsketch::BootCause::kPower;
    if (end != End::kRestart) system.record = {};
    return end;
  }

  const Bytes& image() const { return persistent.slots[persistent.bootSlot]; }
  bool isConfirmed() const { return persistent.states[persistent.bootSlot] == SlotState::kValid; }

  Persistent persistent;
  ModelWifi wifi;
  ModelSystem system;
  bool storeIsFull = false;
  bool flashIsBroken = false;
  bool inRescue = false;
  airsketch::OtaError lastError = airsketch::OtaError::kNone;

 private:
  ModelServer& server_;
};
