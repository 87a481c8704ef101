// What the bot reports besides its check-ins: the state of an update, and lines of the wireless log.
#pragma once

#include "Client.h"
#include "LogRing.h"

namespace airsketch {

// The states of an update that a bot reports.
enum class ReportState : uint8_t { kDownloading, kInstalling, kRestarting, kFailed };

inline const char* toString(ReportState state) {
  switch (state) {
    case ReportState::kDownloading:
      return "downloading";
    case ReportState::kInstalling:
      return "installing";
    case ReportState::kRestarting:
      return "restarting";
    case ReportState::kFailed:
      break;
  }
  return "failed";
}

class Reports {
 public:
  Reports(Client& client, System& system, CallCounter& counter, Store& store)
      : client_(client), system_(system), counter_(counter), store_(store) {}

  // False only if it should be sent again: a refusal is final.
  AIRSKETCH_OUT_OF_LINE bool send(const char* updateId, ReportState state, int64_t done_bytes, const char* error) {
    Text<kMaxIdChars + 40> path("/device/v1/updates/");
    path.add(updateId).add("/reports");
    Text<240> body("{\"state\":\"");
    body.add(toString(state)).add("\",\"bytes\":").add(done_bytes).add(",\"error\":\"").addEscaped(error).add("\"}");
    for (int attempts = 0; attempts < 2; attempts++) {
      const Answer answer = client_.post(path.c_str(), body.c_str(), body.size());
      if (answer.result == CallResult::kAnswered) return true;
      if (answer.result != CallResult::kRefused) continue;
      if (strcmp(answer.code.c_str(), "replayed") != 0) return true;
      counter_.escapeReplay(store_);
    }
    return false;
  }

  // An empty call that only shows whether the server is there and accepts this bot.
  Answer ping() {
    constexpr char kBody[] = "{\"lines\":[],\"dropped\":0}";
    return client_.post("/device/v1/log", kBody, sizeof kBody - 1);
  }

  // Sends at most once every few seconds. Lines that are lost on their way count as dropped.
  void sendLog(LogRing& ring, uint64_t now_ms) {
    if (now_ms < nextLog_ms_) return;
    nextLog_ms_ = now_ms + kLogPause_ms;
    if (!ring.hasLines()) return;
    Text<2048> body("{\"lines\":[");
    char line[LogRing::kMaxLineBytes + 1];
    const uint32_t dropped = ring.dropped();
    uint32_t taken = 0;
    // Escaping may double the size of a line.
    for (; body.size() < kFullLog_bytes && takeLine(ring, line); taken++)
      body.add(taken == 0 ? "\"" : ",\"").addEscaped(line).add("\"");
    body.add("],\"dropped\":").add(int64_t{dropped}).add("}");
    if (client_.post("/device/v1/log", body.c_str(), body.size()).result == CallResult::kAnswered)
      ring.clearDropped(dropped);
    else
      ring.addDropped(taken);
  }

 private:
  static constexpr uint32_t kLogPause_ms = 5000;
  static constexpr size_t kFullLog_bytes = 1500;

  bool takeLine(LogRing& ring, char* out) {
    system_.lock();
    const bool taken = ring.take(out);
    system_.unlock();
    return taken;
  }

  Client& client_;
  System& system_;
  CallCounter& counter_;
  Store& store_;
  uint64_t nextLog_ms_ = 0;
};

}  // namespace airsketch
