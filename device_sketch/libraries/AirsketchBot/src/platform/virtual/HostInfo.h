// Reads information from the host of the virtual bot.
#pragma once

#include <bot_host.h>

#include "../../core/Text.h"

namespace airsketch {

AIRSKETCH_OUT_OF_LINE inline bool readHostInfo(const char* key, TextBase* out) {
  char text[64];
  const size_t room = out->capacity() < sizeof text ? out->capacity() : sizeof text;
  const int32_t size = bot::host::bot_info(key, static_cast<int32_t>(strlen(key)), text, static_cast<int32_t>(room));
  out->clear();
  if (size < 0 || static_cast<size_t>(size) > room) return false;
  out->add(text, static_cast<size_t>(size));
  return true;
}

}  // namespace airsketch
