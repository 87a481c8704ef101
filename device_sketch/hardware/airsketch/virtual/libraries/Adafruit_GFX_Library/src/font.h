// The font.
#pragma once

#include <stdint.h>

namespace bot {

constexpr int kLetterWidth = 5;

// The columns of a character from left to right, least significant bit on top. A box for what is not printable ASCII.
const uint8_t* lettersColumns(unsigned char letter);

}  // namespace bot
