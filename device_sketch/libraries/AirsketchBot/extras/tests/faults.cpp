// Updates with a fault at every possible place: bytes on the wire, calls, and the power supply.
#include <doctest/doctest.h>

#include "board.h"

using namespace airsketch;

namespace {

std::string newImage() {
  std::string image(4500, 'n');
  for (size_t at = 0; at < image.size(); at++) image[at] = static_cast<char>(at * 31 + at / 256);
  image[0] = static_cast<char>(ModelFlash::kImageStart);
  return image;
}

bool runsNew(const ModelBot& bot, const ModelServer& server) {
  return std::string(bot.image().begin(), bot.image().end()) == server.image && bot.isConfirmed();
}

// Boots the bot until it runs the new image. Returns the number of boots; 0 if it never did.
int bootsUntilUpdated(ModelBot& bot, ModelServer& server) {
  bot.persistent.texts["trig_pin"] = "none";  // fewer steps to simulate
  for (int boots = 1; boots <= 5; boots++) {
    bot.boot(60000);
    if (runsNew(bot, server)) return boots;
  }
  return 0;
}

long bytesOfAnUpdate() {
  ModelServer server;
  server.image = newImage();
  ModelBot bot(server);
  REQUIRE(bot.boot(10000) == End::kRestart);
  return server.sentBytes();
}

void checkUpdated(ModelServer& server, const char* what, long where) {
  server.image = newImage();
  ModelBot bot(server);
  // The first boot updates, the second confirms.
  const int boots = bootsUntilUpdated(bot, server);
  CHECK_MESSAGE(boots == 2, what << " at " << where << " took " << boots << " boots");
}

}  // namespace

TEST_CASE("an update survives a fault at every byte on the wire") {
  const struct {
    Fault fault;
    const char* name;
  } kinds[] = {{Fault::kCut, "cut"}, {Fault::kStall, "stall"}, {Fault::kCorrupt, "corrupt"}};
  const long total = bytesOfAnUpdate();
  CHECK(total > 4500);
  for (const auto& kind : kinds) {
    for (long at = 0; at < total; at++) {
      ModelServer server;
      server.fault = kind.fault;
      server.faultAtByte = at;
      server.chunk_bytes = 1460;
      checkUpdated(server, kind.name, at);
    }
  }
}

TEST_CASE("an image with a repeated byte never boots") {
  const long total = bytesOfAnUpdate();
  for (long at = 0; at < total; at++) {
    ModelServer server;
    server.image = newImage();
    server.fault = Fault::kRepeat;
    server.faultAtByte = at;
    server.chunk_bytes = 1460;
    ModelBot bot(server);
    const End end = bot.boot(400000);
    const bool intact = std::string(bot.image().begin(), bot.image().end()) == server.image;
    // Either the fault was detected and the image fetched again, or the update failed; nothing else may be booted.
    CHECK_MESSAGE((end == End::kRestart ? intact : bot.image().size() == 4), "byte " << at << " came twice");
  }
}

TEST_CASE("an update survives the loss of every call and of every answer") {
  for (long call = 0; call < 8; call++) {
    ModelServer refused, lost, forged;
    refused.refuseCall = call;
    checkUpdated(refused, "refused call", call);
    lost.loseAnswer = call;
    checkUpdated(lost, "lost answer", call);
    forged.forgeAnswer = call;
    checkUpdated(forged, "forged answer", call);
  }
}

TEST_CASE("after a power cut at any moment of an update the bot boots and checks in") {
  int rolledBack = 0, updated = 0;
  for (long cut = 0;; cut++) {
    ModelServer server;
    server.image = newImage();
    ModelBot bot(server);
    bot.persistent.cutAtMoment = cut;
    End end = bot.boot(30000);
    if (end == End::kRestart) {
      // The update was complete before that moment; the power goes in the first boot of the new image.
      bot.persistent.cutAtMoment = cut;
      end = bot.boot(30000);
    }
    if (end != End::kPowerCut) break;
    server.calls.clear();
    bot.boot(400000);
    REQUIRE_MESSAGE(server.lastCheckIn() != nullptr, "no check-in after a cut at " << cut);
    // A first boot that was cut off counts as a failed one. Then a person sends the image again and presses the button.
    rolledBack += static_cast<int>(bot.persistent.texts.erase("bad"));
    if (!runsNew(bot, server)) server.isClosed = false;
    CHECK_MESSAGE(bootsUntilUpdated(bot, server) > 0, "never updated after a cut at " << cut);
    updated++;
  }
  CHECK(updated > 30);
  CHECK(rolledBack > 0);
}

TEST_CASE("whenever the power goes, the bot keeps the image that the server calls confirmed") {
  int confirmed = 0;
  for (long cut = 0; cut < 200; cut++) {
    ModelServer server;
    server.image = newImage();
    ModelBot bot(server);
    bot.boot(30000);
    bot.persistent.cutAtMoment = bot.persistent.moments + cut;
    if (bot.boot(30000) != End::kPowerCut) break;
    confirmed += server.isConfirmed;
    const bool wasConfirmed = server.isConfirmed;
    server.isClosed = true;
    bot.boot(1000);
    CHECK_MESSAGE((!wasConfirmed || runsNew(bot, server)), "lost the confirmed image after a cut at " << cut);
    CHECK_MESSAGE((server.isConfirmed == runsNew(bot, server)), "bot and server disagree after a cut at " << cut);
  }
  CHECK(confirmed > 1);
}

TEST_CASE("a counter is never used twice, whenever the power goes") {
  for (long cut = 0; cut < 200; cut++) {
    ModelServer server;
    server.image = newImage();
    ModelBot bot(server);
    bot.persistent.cutAtMoment = cut;
    bot.boot(30000);
    bot.boot(30000);
    for (const Call& call : server.calls) CHECK(call.status != 409);
  }
}
