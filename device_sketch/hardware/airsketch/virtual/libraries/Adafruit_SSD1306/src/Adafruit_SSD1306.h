// A small monochrome display. What is drawn appears with display().
#pragma once

#include <Adafruit_GFX.h>
#include <SPI.h>
#include <Wire.h>

#define SSD1306_BLACK 0
#define SSD1306_WHITE 1
#define SSD1306_INVERSE 2
#define BLACK SSD1306_BLACK
#define WHITE SSD1306_WHITE
#define INVERSE SSD1306_INVERSE
#define SSD1306_EXTERNALVCC 0x01
#define SSD1306_SWITCHCAPVCC 0x02
#define SSD1306_INVERTDISPLAY 0xA7
#define SSD1306_NORMALDISPLAY 0xA6
#define SSD1306_DISPLAYOFF 0xAE
#define SSD1306_DISPLAYON 0xAF

#define AIRSKETCH_NO_SCROLL \
  __attribute__((unavailable("the display of the virtual bot does not scroll by itself; draw it again instead")))

class Adafruit_SSD1306 : public Adafruit_GFX {
 public:
  Adafruit_SSD1306(uint8_t width, uint8_t height, TwoWire* = &Wire, int8_t = -1, uint32_t = 400000, uint32_t = 100000)
      : Adafruit_GFX(width, height) {}
  Adafruit_SSD1306(const Adafruit_SSD1306&) = delete;
  Adafruit_SSD1306& operator=(const Adafruit_SSD1306&) = delete;
  ~Adafruit_SSD1306() { free(bytes_); }

  // False if there is not enough memory, or with more than 128 by 64 pixels.
  bool begin(uint8_t = SSD1306_SWITCHCAPVCC, uint8_t address = 0, bool = true, bool = true);
  void display();
  void clearDisplay();
  void invertDisplay(bool inverted) override;
  void dim(bool dimmed);
  void ssd1306_command(uint8_t command);
  void drawPixel(int16_t x, int16_t y, uint16_t color) override;
  bool getPixel(int16_t x, int16_t y);
  // As in the chip's memory: one row of bytes per 8 lines, least significant bit on top.
  uint8_t* getBuffer() { return bytes_ ? bytes_ + kHeadBytes : nullptr; }

  void startscrollright(uint8_t from, uint8_t to) AIRSKETCH_NO_SCROLL;
  void startscrollleft(uint8_t from, uint8_t to) AIRSKETCH_NO_SCROLL;
  void startscrolldiagright(uint8_t from, uint8_t to) AIRSKETCH_NO_SCROLL;
  void startscrolldiagleft(uint8_t from, uint8_t to) AIRSKETCH_NO_SCROLL;
  void stopscroll() AIRSKETCH_NO_SCROLL;

 private:
  static constexpr int kHeadBytes = 4;

  // The byte that contains a pixel, and the pixel's bit; null outside.
  uint8_t* find(int16_t x, int16_t y, uint8_t& bit);
  size_t dotBytes() const { return static_cast<size_t>(WIDTH) * ((HEIGHT + 7) / 8); }
  void change(uint8_t flag, bool set);
  void show();

  // The pixels as last displayed, and as drawn since then.
  uint8_t* shown_ = nullptr;
  uint8_t* bytes_ = nullptr;
  uint8_t address_ = 0;
  uint8_t flags_ = 0;
};
