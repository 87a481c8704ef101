// Opens a file by its entry.
#pragma once

#include "storage/FS.h"

namespace bot {
struct Entry;
}

namespace fs {

// An entry of null means the root folder. An empty File if it cannot be opened in this mode.
File openEntry(bot::Entry* entry, const char* path, const char* mode);

}  // namespace fs
