#include "parts.h"

#include "bot_host.h"

void bot::showPart(Part kind, int id, const void* bytes, size_t size) {
  host::bot_part(static_cast<int32_t>(kind), id, bytes, static_cast<int32_t>(size));
}
