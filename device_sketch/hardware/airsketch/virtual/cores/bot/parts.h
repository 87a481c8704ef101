// Parts connected to the bot and drawn by the host. HOST_INTERFACE.md describes the bytes.
#pragma once

#include <stddef.h>
#include <stdint.h>

namespace bot {

enum class Part : int32_t { kServo = 1, kPixels = 2, kDisplay = 3 };

// Updates how the host draws a part.
void showPart(Part kind, int id, const void* bytes, size_t size);

}  // namespace bot
