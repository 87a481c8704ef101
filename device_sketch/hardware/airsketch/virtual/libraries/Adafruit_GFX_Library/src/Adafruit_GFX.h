// Lines, shapes and text on anything that can draw a pixel.
#pragma once

#include <Arduino.h>

class Adafruit_GFX : public Print {
 public:
  Adafruit_GFX(int16_t width, int16_t height)
      : WIDTH(width), HEIGHT(height), _width(width), _height(height), cursor_x(0), cursor_y(0) {}

  virtual void drawPixel(int16_t x, int16_t y, uint16_t color) = 0;
  virtual void fillRect(int16_t x, int16_t y, int16_t width, int16_t height, uint16_t color);
  virtual void fillScreen(uint16_t color) { fillRect(0, 0, _width, _height, color); }
  virtual void drawLine(int16_t x0, int16_t y0, int16_t x1, int16_t y1, uint16_t color);
  virtual void drawRect(int16_t x, int16_t y, int16_t width, int16_t height, uint16_t color);
  virtual void invertDisplay(bool) {}
  virtual void setRotation(uint8_t rotation);
  virtual void drawFastHLine(int16_t x, int16_t y, int16_t width, uint16_t color) { fillRect(x, y, width, 1, color); }
  virtual void drawFastVLine(int16_t x, int16_t y, int16_t height, uint16_t color) { fillRect(x, y, 1, height, color); }

  void drawCircle(int16_t x, int16_t y, int16_t radius, uint16_t color) { ellipse(x, y, 1, 1, radius, false, color); }
  void fillCircle(int16_t x, int16_t y, int16_t radius, uint16_t color) { ellipse(x, y, 1, 1, radius, true, color); }
  void drawRoundRect(int16_t x, int16_t y, int16_t width, int16_t height, int16_t radius, uint16_t color) {
    roundRect(x, y, width, height, radius, false, color);
  }
  void fillRoundRect(int16_t x, int16_t y, int16_t width, int16_t height, int16_t radius, uint16_t color) {
    roundRect(x, y, width, height, radius, true, color);
  }
  void drawTriangle(int16_t x0, int16_t y0, int16_t x1, int16_t y1, int16_t x2, int16_t y2, uint16_t color);
  void fillTriangle(int16_t x0, int16_t y0, int16_t x1, int16_t y1, int16_t x2, int16_t y2, uint16_t color);
  // Bitmaps with one bit per pixel, each line starting with a new byte, most significant bit on the left.
  void drawBitmap(int16_t x, int16_t y, const uint8_t* bits, int16_t width, int16_t height, uint16_t color);
  void drawBitmap(int16_t x, int16_t y, const uint8_t* bits, int16_t width, int16_t height, uint16_t color,
                  uint16_t background);

  // Characters are 5 by 7 pixels in a cell of 6 by 8; only ASCII is drawn.
  void drawChar(int16_t x, int16_t y, unsigned char letter, uint16_t color, uint16_t background, uint8_t size);
  size_t write(uint8_t letter) override;
  using Print::write;
  void setCursor(int16_t x, int16_t y) {
    cursor_x = x;
    cursor_y = y;
  }
  int16_t getCursorX() const { return cursor_x; }
  int16_t getCursorY() const { return cursor_y; }
  void setTextSize(uint8_t size) { textSize_ = size > 0 ? size : 1; }
  void setTextColor(uint16_t color) { setTextColor(color, color); }
  // With the same colour twice the background of the characters is transparent.
  void setTextColor(uint16_t color, uint16_t background) {
    textColor_ = color;
    textBackground_ = background;
  }
  void setTextWrap(bool wrap) { wrap_ = wrap; }
  void cp437(bool = true) {}
  void getTextBounds(const char* text, int16_t x, int16_t y, int16_t* left, int16_t* top, uint16_t* width,
                     uint16_t* height) const;
  void getTextBounds(const String& text, int16_t x, int16_t y, int16_t* left, int16_t* top, uint16_t* width,
                     uint16_t* height) const {
    getTextBounds(text.c_str(), x, y, left, top, width, height);
  }

  int16_t width() const { return _width; }
  int16_t height() const { return _height; }
  uint8_t getRotation() const { return rotation; }

 protected:
  int16_t WIDTH, HEIGHT;    // of the display itself
  int16_t _width, _height;  // after rotation
  int16_t cursor_x, cursor_y;
  uint8_t rotation = 0;

 private:
  void roundRect(int16_t x, int16_t y, int16_t width, int16_t height, int16_t radius, bool filled, uint16_t color);
  // A rounded rectangle, as a circle whose centre is stretched to a rectangle.
  void ellipse(int16_t x, int16_t y, int16_t width, int16_t height, int16_t radius, bool filled, uint16_t color);

  uint8_t textSize_ = 1;
  uint16_t textColor_ = 0xffff;
  uint16_t textBackground_ = 0xffff;
  bool wrap_ = true;
};
