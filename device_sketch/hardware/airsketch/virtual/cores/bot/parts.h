// Parts that are plugged into the bot, shown by the host. The bytes are described in HOST_INTERFACE.md.
#pragma once

#include <stddef.h>
#include <stdint.h>

namespace bot {

enum class Part : int32_t { kServo = 1, kPixels = 2, kDisplay = 3 };

// Tells the host how a part looks from now on.
void showPart(Part kind, int id, const void* bytes, size_t size);

}  // namespace bot
