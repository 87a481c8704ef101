#include "Adafruit_GFX.h"

#include "font.h"

namespace {
constexpr int kCellWidth = bot::kLetterWidth + 1;
constexpr int kCellHeight = 8;

void swap(int16_t& a, int16_t& b) {
  const int16_t kept = a;
  a = b;
  b = kept;
}

// The x coordinate of the line from (x0, y0) to (x1, y1) at `y`.
int16_t crossing(int16_t x0, int16_t y0, int16_t x1, int16_t y1, int16_t y) {
  return y1 == y0 ? x1 : static_cast<int16_t>(x0 + static_cast<int32_t>(x1 - x0) * (y - y0) / (y1 - y0));
}
}  // namespace

void Adafruit_GFX::fillRect(int16_t x, int16_t y, int16_t width, int16_t height, uint16_t color) {
  for (int16_t row = 0; row < height; row++)
    for (int16_t column = 0; column < width; column++) drawPixel(x + column, y + row, color);
}

void Adafruit_GFX::drawLine(int16_t x0, int16_t y0, int16_t x1, int16_t y1, uint16_t color) {
  // Bresenham 1965.
  const int width = abs(x1 - x0), height = -abs(y1 - y0);
  const int stepX = x0 < x1 ? 1 : -1, stepY = y0 < y1 ? 1 : -1;
  for (int error = width + height;;) {
    drawPixel(x0, y0, color);
    if (x0 == x1 && y0 == y1) return;
    const int twice = 2 * error;
    if (twice >= height) error += height, x0 += stepX;
    if (twice <= width) error += width, y0 += stepY;
  }
}

void Adafruit_GFX::drawRect(int16_t x, int16_t y, int16_t width, int16_t height, uint16_t color) {
  drawFastHLine(x, y, width, color);
  drawFastHLine(x, y + height - 1, width, color);
  drawFastVLine(x, y, height, color);
  drawFastVLine(x + width - 1, y, height, color);
}

void Adafruit_GFX::setRotation(uint8_t turns) {
  rotation = turns & 3;
  _width = rotation & 1 ? HEIGHT : WIDTH;
  _height = rotation & 1 ? WIDTH : HEIGHT;
}

void Adafruit_GFX::ellipse(int16_t x, int16_t y, int16_t width, int16_t height, int16_t radius, bool filled,
                           uint16_t color) {
  const int16_t right = x + width - 1, bottom = y + height - 1;
  int16_t previous = radius;
  for (int16_t up = 0; up <= radius; up++) {
    // The pixel whose centre is nearest to the circle.
    int16_t out = previous;
    while (out > 0 && out * out + up * up > radius * radius + radius) out--;
    for (const int16_t row : {static_cast<int16_t>(y - up), static_cast<int16_t>(bottom + up)}) {
      if (filled) {
        drawFastHLine(x - out, row, width + 2 * out, color);
        continue;
      }
      const int16_t dots = previous > out ? previous - out : 1;
      drawFastHLine(x - out - (dots - 1), row, dots, color);
      drawFastHLine(right + out, row, dots, color);
    }
    previous = out;
  }
  if (filled) return fillRect(x - radius, y, width + 2 * radius, height, color);
  // The rest of the top row is flat.
  for (const int16_t row : {static_cast<int16_t>(y - radius), static_cast<int16_t>(bottom + radius)})
    drawFastHLine(x - previous, row, width + 2 * previous, color);
  drawFastVLine(x - radius, y, height, color);
  drawFastVLine(right + radius, y, height, color);
}

void Adafruit_GFX::roundRect(int16_t x, int16_t y, int16_t width, int16_t height, int16_t radius, bool filled,
                             uint16_t color) {
  const int16_t shorter = width < height ? width : height;
  if (shorter < 1) return;
  if (radius > (shorter - 1) / 2) radius = (shorter - 1) / 2;
  ellipse(x + radius, y + radius, width - 2 * radius, height - 2 * radius, radius, filled, color);
}

void Adafruit_GFX::drawTriangle(int16_t x0, int16_t y0, int16_t x1, int16_t y1, int16_t x2, int16_t y2,
                                uint16_t color) {
  drawLine(x0, y0, x1, y1, color);
  drawLine(x1, y1, x2, y2, color);
  drawLine(x2, y2, x0, y0, color);
}

void Adafruit_GFX::fillTriangle(int16_t x0, int16_t y0, int16_t x1, int16_t y1, int16_t x2, int16_t y2,
                                uint16_t color) {
  // Corners from the top down.
  if (y0 > y1) swap(x0, x1), swap(y0, y1);
  if (y1 > y2) swap(x1, x2), swap(y1, y2);
  if (y0 > y1) swap(x0, x1), swap(y0, y1);
  for (int16_t y = y0; y <= y2; y++) {
    int16_t from = crossing(x0, y0, x2, y2, y);
    int16_t to = y < y1 ? crossing(x0, y0, x1, y1, y) : crossing(x1, y1, x2, y2, y);
    if (from > to) swap(from, to);
    drawFastHLine(from, y, to - from + 1, color);
  }
  drawTriangle(x0, y0, x1, y1, x2, y2, color);
}

void Adafruit_GFX::drawBitmap(int16_t x, int16_t y, const uint8_t* bits, int16_t width, int16_t height,
                              uint16_t color) {
  const int16_t bytesPerLine = (width + 7) / 8;
  for (int16_t row = 0; row < height; row++)
    for (int16_t column = 0; column < width; column++)
      if (bits[row * bytesPerLine + column / 8] & 0x80 >> column % 8) drawPixel(x + column, y + row, color);
}

void Adafruit_GFX::drawBitmap(int16_t x, int16_t y, const uint8_t* bits, int16_t width, int16_t height, uint16_t color,
                              uint16_t background) {
  fillRect(x, y, width, height, background);
  drawBitmap(x, y, bits, width, height, color);
}

void Adafruit_GFX::drawChar(int16_t x, int16_t y, unsigned char letter, uint16_t color, uint16_t background,
                            uint8_t size) {
  if (background != color) fillRect(x, y, kCellWidth * size, kCellHeight * size, background);
  const uint8_t* columns = bot::lettersColumns(letter);
  for (int column = 0; column < bot::kLetterWidth; column++)
    for (int row = 0; row < kCellHeight; row++)
      if (columns[column] >> row & 1) fillRect(x + column * size, y + row * size, size, size, color);
}

size_t Adafruit_GFX::write(uint8_t letter) {
  const int16_t cellWidth = kCellWidth * textSize_;
  if (letter == '\r') return 1;
  const bool isFull = wrap_ && letter != '\n' && cursor_x + cellWidth > _width;
  if (letter == '\n' || isFull) {
    cursor_x = 0;
    cursor_y += kCellHeight * textSize_;
  }
  if (letter == '\n') return 1;
  drawChar(cursor_x, cursor_y, letter, textColor_, textBackground_, textSize_);
  cursor_x += cellWidth;
  return 1;
}

void Adafruit_GFX::getTextBounds(const char* text, int16_t x, int16_t y, int16_t* left, int16_t* top, uint16_t* width,
                                 uint16_t* height) const {
  const int16_t cellWidth = kCellWidth * textSize_, cellHeight = kCellHeight * textSize_;
  int16_t atX = x, lines = *text ? 1 : 0, right = x, leftmost = x;
  for (; *text; text++) {
    if (*text == '\r') continue;
    if (*text == '\n' || (wrap_ && atX + cellWidth > _width)) atX = leftmost = 0, lines++;
    if (*text == '\n') continue;
    atX += cellWidth;
    if (atX > right) right = atX;
  }
  *left = leftmost;
  *top = y;
  *width = right - leftmost;
  *height = lines * cellHeight;
}
