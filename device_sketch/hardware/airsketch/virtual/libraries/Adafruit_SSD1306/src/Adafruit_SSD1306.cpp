#include "Adafruit_SSD1306.h"

#include <parts.h>

namespace {
constexpr uint8_t kOn = 1, kInverted = 2, kDimmed = 4;
constexpr uint8_t kTallAddress = 0x3D, kFlatAddress = 0x3C;
constexpr int kMaximumWidth = 128, kMaximumHeight = 64;
}  // namespace

bool Adafruit_SSD1306::begin(uint8_t, uint8_t address, bool, bool) {
  if (WIDTH < 1 || HEIGHT < 1 || WIDTH > kMaximumWidth || HEIGHT > kMaximumHeight) return false;
  const size_t size = kHeadBytes + dotBytes();
  if (!bytes_) bytes_ = static_cast<uint8_t*>(calloc(2, size));
  if (!bytes_) return false;
  shown_ = bytes_ + size;
  address_ = address != 0 ? address : HEIGHT == 32 ? kFlatAddress : kTallAddress;
  flags_ = kOn;
  clearDisplay();
  show();
  return true;
}

void Adafruit_SSD1306::clearDisplay() {
  if (bytes_) memset(getBuffer(), 0, dotBytes());
}

void Adafruit_SSD1306::display() {
  if (!bytes_) return;
  memcpy(shown_ + kHeadBytes, getBuffer(), dotBytes());
  show();
}

void Adafruit_SSD1306::show() {
  const uint8_t head[kHeadBytes] = {static_cast<uint8_t>(WIDTH), static_cast<uint8_t>(HEIGHT), flags_, 0};
  memcpy(shown_, head, sizeof head);
  bot::showPart(bot::Part::kDisplay, address_, shown_, kHeadBytes + dotBytes());
}

void Adafruit_SSD1306::change(uint8_t flag, bool set) {
  if (!bytes_) return;
  flags_ = set ? flags_ | flag : flags_ & ~flag;
  show();
}

void Adafruit_SSD1306::invertDisplay(bool inverted) {
  change(kInverted, inverted);
}

void Adafruit_SSD1306::dim(bool dimmed) {
  change(kDimmed, dimmed);
}

void Adafruit_SSD1306::ssd1306_command(uint8_t command) {
  if (command == SSD1306_DISPLAYON || command == SSD1306_DISPLAYOFF) change(kOn, command == SSD1306_DISPLAYON);
  if (command == SSD1306_INVERTDISPLAY || command == SSD1306_NORMALDISPLAY)
    change(kInverted, command == SSD1306_INVERTDISPLAY);
}

uint8_t* Adafruit_SSD1306::find(int16_t x, int16_t y, uint8_t& bit) {
  if (!bytes_ || x < 0 || y < 0 || x >= _width || y >= _height) return nullptr;
  const int16_t turnedX[] = {x, static_cast<int16_t>(WIDTH - 1 - y), static_cast<int16_t>(WIDTH - 1 - x), y};
  const int16_t turnedY[] = {y, x, static_cast<int16_t>(HEIGHT - 1 - y), static_cast<int16_t>(HEIGHT - 1 - x)};
  bit = static_cast<uint8_t>(1 << turnedY[rotation] % 8);
  return getBuffer() + turnedX[rotation] + turnedY[rotation] / 8 * WIDTH;
}

void Adafruit_SSD1306::drawPixel(int16_t x, int16_t y, uint16_t color) {
  uint8_t bit = 0;
  uint8_t* const byte = find(x, y, bit);
  if (!byte) return;
  if (color == SSD1306_WHITE)
    *byte |= bit;
  else if (color == SSD1306_BLACK)
    *byte &= ~bit;
  else if (color == SSD1306_INVERSE)
    *byte ^= bit;
}

bool Adafruit_SSD1306::getPixel(int16_t x, int16_t y) {
  uint8_t bit = 0;
  const uint8_t* const byte = find(x, y, bit);
  return byte && (*byte & bit) != 0;
}
