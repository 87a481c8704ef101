// What the bot tells the server besides its check-ins: the state of an update, and lines of the wireless log.
#pragma once

#include "Client.h"
#include "LogRing.h"

namespace airsketch {

class Reports {
 public:
  Reports(Client& client, System& system, CallCounter& counter, Store& store)
      : client_(client), system_(system), counter_(counter), store_(store) {}

  // False only if it should be said again: refusals are final.
  AIRSKETCH_OUT_OF_LINE bool send(const char* updateId, const char* state, int64_t done_bytes, const char* error) {
    Text<kMaxIdChars + 40> path("/device/v1/updates/");
    path.add(updateId).add("/reports");
    Text<240> body("{\"state\":\"");
    body.add(state).add("\",\"bytes\":").add(done_bytes).add(",\"error\":\"").addEscaped(error).add("\"}");
    for (int tries = 0; tries < 2; tries++) {
      const Answer answer = client_.post(path.c_str(), body.c_str(), body.size());
      if (answer.result == CallResult::kAnswered) return true;
      if (answer.result != CallResult::kRefused) continue;
      if (strcmp(answer.code.c_str(), "replayed") != 0) return true;
      counter_.escapeReplay(store_);
    }
    return false;
  }

  // A call that tells the server nothing: whether it is there, and believes this bot.
  Answer knock() {
    constexpr char kBody[] = "{\"lines\":[],\"dropped\":0}";
    return client_.post("/device/v1/log", kBody, sizeof kBody - 1);
  }

  // At most once in a few seconds; lines that are lost on their way are counted as dropped.
  void sendLog(LogRing& ring, uint64_t now_ms) {
    if (now_ms < nextLog_ms_) return;
    nextLog_ms_ = now_ms + kLogPause_ms;
    if (!ring.hasLines()) return;
    Text<2048> body("{\"lines\":[");
    char line[LogRing::kMaxLineBytes + 1];
    const uint32_t dropped = ring.dropped();
    uint32_t taken = 0;
    // A line may grow to twice its size by escapes.
    for (; body.size() < kFullLog_bytes && takeLine(ring, line); taken++)
      body.add(taken == 0 ? "\"" : ",\"").addEscaped(line).add("\"");
    body.add("],\"dropped\":").add(int64_t{dropped}).add("}");
    if (client_.post("/device/v1/log", body.c_str(), body.size()).result == CallResult::kAnswered)
      ring.forgetDropped(dropped);
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
