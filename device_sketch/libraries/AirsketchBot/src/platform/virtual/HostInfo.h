// Facts that the host of a virtual bot tells.
#pragma once

#include <bot_host.h>

#include "../../core/Text.h"

namespace airsketch {

template <size_t kCapacity>
bool readHostInfo(const char* key, Text<kCapacity>* out) {
  char text[kCapacity];
  const int32_t size = bot::host::bot_info(key, static_cast<int32_t>(strlen(key)), text, kCapacity);
  out->clear();
  if (size < 0 || static_cast<size_t>(size) > kCapacity) return false;
  out->add(text, static_cast<size_t>(size));
  return true;
}

}  // namespace airsketch
