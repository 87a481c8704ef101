// The shapes of the letters.
#pragma once

#include <stdint.h>

namespace bot {

constexpr int kLetterWidth = 5;

// The columns of a letter from left to right, the lowest bit on top. What is no printable ASCII is a box.
const uint8_t* lettersColumns(unsigned char letter);

}  // namespace bot
