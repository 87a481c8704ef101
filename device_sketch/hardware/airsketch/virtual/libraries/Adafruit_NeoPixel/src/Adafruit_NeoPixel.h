// A strip of RGB LEDs. The brightness is applied when the strip is shown, so colours are stored without loss.
#pragma once

#include <Arduino.h>

// The colour order of the strip; here it only matters whether there is a white LED.
#define NEO_RGB 0x06
#define NEO_RBG 0x09
#define NEO_GRB 0x52
#define NEO_GBR 0xA1
#define NEO_BRG 0x58
#define NEO_BGR 0xA4
#define NEO_RGBW 0xC6
#define NEO_GRBW 0xD2
#define NEO_KHZ800 0x0000
#define NEO_KHZ400 0x0100

typedef uint16_t neoPixelType;

class Adafruit_NeoPixel {
 public:
  explicit Adafruit_NeoPixel(uint16_t count = 0, int16_t pin = 6, neoPixelType type = NEO_GRB + NEO_KHZ800);
  Adafruit_NeoPixel(const Adafruit_NeoPixel&) = delete;
  Adafruit_NeoPixel& operator=(const Adafruit_NeoPixel&) = delete;
  ~Adafruit_NeoPixel() { free(colors_); }

  void begin() { pinMode(static_cast<uint8_t>(pin_), OUTPUT); }
  void show();
  bool canShow() const { return true; }
  void clear() { fill(0); }
  void fill(uint32_t color = 0, uint16_t first = 0, uint16_t count = 0);
  void rainbow(uint16_t firstHue = 0, int8_t rounds = 1, uint8_t saturation = 255, uint8_t brightness = 255,
               bool gammify = true);

  void setPixelColor(uint16_t index, uint32_t color) {
    if (index < count_) colors_[index] = color;
  }
  void setPixelColor(uint16_t index, uint8_t red, uint8_t green, uint8_t blue) {
    setPixelColor(index, Color(red, green, blue));
  }
  void setPixelColor(uint16_t index, uint8_t red, uint8_t green, uint8_t blue, uint8_t white) {
    setPixelColor(index, Color(red, green, blue, white));
  }
  uint32_t getPixelColor(uint16_t index) const { return index < count_ ? colors_[index] : 0; }
  void setBrightness(uint8_t brightness) { brightness_ = brightness; }
  uint8_t getBrightness() const { return brightness_; }
  uint16_t numPixels() const { return count_; }
  void updateLength(uint16_t count);
  void updateType(neoPixelType type) { type_ = type; }
  void setPin(int16_t pin) { pin_ = pin; }
  int16_t getPin() const { return pin_; }

  static uint32_t Color(uint8_t red, uint8_t green, uint8_t blue, uint8_t white = 0) {
    return static_cast<uint32_t>(white) << 24 | static_cast<uint32_t>(red) << 16 | green << 8 | blue;
  }
  // A colour by hue: 0 to 65535, from red through green and blue back to red.
  static uint32_t ColorHSV(uint16_t hue, uint8_t saturation = 255, uint8_t value = 255);
  // Gamma correction.
  static uint8_t gamma8(uint8_t value);
  static uint32_t gamma32(uint32_t color);
  // A sine wave with a period of 256, from 0 to 255 around 128.
  static uint8_t sine8(uint8_t step);

 private:
  static constexpr uint16_t kMaximumCount = 1024;

  uint32_t* colors_ = nullptr;
  uint16_t count_ = 0;
  int16_t pin_;
  neoPixelType type_;
  uint8_t brightness_ = 255;
};
