// A bot, its server and a new image for the bot.
#pragma once

#include <doctest/doctest.h>

#include "board.h"

inline std::string imageOf(size_t size) {
  std::string image(size, 'x');
  for (size_t at = 0; at < size; at++) image[at] = static_cast<char>(at * 7);
  image[0] = static_cast<char>(ModelFlash::kImageStart);
  return image;
}

inline bool runs(const ModelBot& bot, const std::string& image) {
  return std::string(bot.image().begin(), bot.image().end()) == image;
}

struct World {
  ModelServer server;
  ModelBot bot{server};
  World() { server.image = imageOf(5000); }

  // Runs the bot until the update has failed. Returns the error of the report.
  std::string failure() {
    CHECK(bot.boot(300000) == End::kTimeIsOver);
    CHECK_FALSE(runs(bot, server.image));
    for (const std::string& report : server.reports())
      if (report.find("failed") != std::string::npos) return report.substr(report.find("\"error\":\"") + 9);
    return "";
  }
};

inline int reportsOf(const ModelServer& server, const std::string& state) {
  int count = 0;
  for (const std::string& report : server.reports()) count += report.find("\"" + state + "\"") != std::string::npos;
  return count;
}
