// STAND-IN: the application descriptor of an ESP-IDF image, and an entry that holds the sketch in the program.
#include <stdint.h>

void setup();
void loop();

namespace {

// ESP-IDF, esp_app_format: 256 bytes, the first data of the image.
struct AppDescriptor {
  uint32_t magic;
  uint32_t secureVersion;
  uint32_t reserved1[2];
  char version[32];
  char projectName[32];
  char time[16];
  char date[16];
  char idfVersion[32];
  uint8_t elfSha256[32];  // filled in by esptool
  uint32_t reserved2[20];
};
static_assert(sizeof(AppDescriptor) == 256);

__attribute__((used, retain, section(".flash.appdesc"))) const AppDescriptor descriptor = {
    0xABCD5432, 0, {}, "stand-in", "airsketch-stand-in", "00:00:00", "Jan  1 2026", "stand-in", {}, {}};

}  // namespace

extern "C" {
void init();
bool verifyRollbackLater();
}
__attribute__((weak)) void init() {}
__attribute__((weak)) bool verifyRollbackLater() {
  return false;
}

extern "C" void standIn() {
  verifyRollbackLater();
  init();
  setup();
  for (;;) loop();
}
