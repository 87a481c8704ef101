#include "Adafruit_NeoPixel.h"

#include <parts.h>

namespace {
constexpr int kBytesPerPixel = 4;
constexpr double kGamma = 2.6;
constexpr uint32_t kHues = 65536;
// The colour wheel has six sections; in each of them one component increases or decreases.
constexpr uint32_t kStepsOfPart = 255;
constexpr uint32_t kStepsOfWheel = 6 * kStepsOfPart;

uint8_t scaled(uint32_t color, int shift, uint8_t brightness) {
  return static_cast<uint8_t>((color >> shift & 0xff) * (brightness + 1u) >> 8);
}

// The value of the component that has its maximum at `center` of the wheel.
uint32_t strength(uint32_t step, uint32_t center) {
  const uint32_t apart = step > center ? step - center : center - step;
  const uint32_t distance = apart > kStepsOfWheel / 2 ? kStepsOfWheel - apart : apart;
  if (distance <= kStepsOfPart) return 255;
  return distance < 2 * kStepsOfPart ? 2 * kStepsOfPart - distance : 0;
}
}  // namespace

Adafruit_NeoPixel::Adafruit_NeoPixel(uint16_t count, int16_t pin, neoPixelType type) : pin_(pin), type_(type) {
  updateLength(count);
}

void Adafruit_NeoPixel::updateLength(uint16_t count) {
  free(colors_);
  count = count > kMaximumCount ? kMaximumCount : count;
  colors_ = static_cast<uint32_t*>(calloc(count, sizeof *colors_));
  count_ = colors_ ? count : 0;
}

void Adafruit_NeoPixel::show() {
  const size_t size = static_cast<size_t>(count_) * kBytesPerPixel;
  uint8_t* bytes = static_cast<uint8_t*>(malloc(size));
  if (!bytes) return;
  const bool hasWhite = (type_ >> 6 & 3) != (type_ >> 4 & 3);
  for (int index = 0; index < count_; index++) {
    uint8_t* pixel = bytes + index * kBytesPerPixel;
    for (int part = 0; part < 3; part++) pixel[part] = scaled(colors_[index], 16 - 8 * part, brightness_);
    pixel[3] = hasWhite ? scaled(colors_[index], 24, brightness_) : 0;
  }
  bot::showPart(bot::Part::kPixels, pin_, bytes, size);
  free(bytes);
}

void Adafruit_NeoPixel::fill(uint32_t color, uint16_t first, uint16_t count) {
  const uint32_t end = count == 0 ? count_ : first + count;
  for (uint32_t index = first; index < end && index < count_; index++) colors_[index] = color;
}

void Adafruit_NeoPixel::rainbow(uint16_t firstHue, int8_t rounds, uint8_t saturation, uint8_t brightness,
                                bool gammify) {
  for (int index = 0; index < count_; index++) {
    const int32_t shift = static_cast<int32_t>(static_cast<int64_t>(index) * rounds * kHues / count_);
    const uint32_t color = ColorHSV(static_cast<uint16_t>(firstHue + shift), saturation, brightness);
    colors_[index] = gammify ? gamma32(color) : color;
  }
}

uint32_t Adafruit_NeoPixel::ColorHSV(uint16_t hue, uint8_t saturation, uint8_t value) {
  const uint32_t step = (hue * kStepsOfWheel + kHues / 2) / kHues % kStepsOfWheel;
  uint32_t color = 0;
  for (uint32_t center = 0; center < kStepsOfWheel; center += 2 * kStepsOfPart) {
    const uint32_t pale = (strength(step, center) * (saturation + 1u) >> 8) + 255 - saturation;
    color = color << 8 | (pale * (value + 1u) >> 8);
  }
  return color;
}

uint8_t Adafruit_NeoPixel::gamma8(uint8_t value) {
  return static_cast<uint8_t>(pow(value / 255.0, kGamma) * 255.0 + 0.5);
}

uint32_t Adafruit_NeoPixel::gamma32(uint32_t color) {
  return Color(gamma8(color >> 16), gamma8(color >> 8), gamma8(color), gamma8(color >> 24));
}

uint8_t Adafruit_NeoPixel::sine8(uint8_t step) {
  return static_cast<uint8_t>(127.5 * sin(step * TWO_PI / 256) + 128);
}
