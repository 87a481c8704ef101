// The directory of all files and folders: one stored value for all names, and one for the content of each file.
#pragma once

#include "WString.h"

namespace bot {

constexpr size_t kFilesTotalBytes = 12 * 1024;
constexpr int kMaximumEntries = 64;
constexpr size_t kMaximumPathBytes = 63;

struct Entry {
  char path[kMaximumPathBytes + 1];  // empty: an unused entry
  uint8_t isFolder;
};

class FileIndex {
 public:
  // Loads the names once. False if there is no memory for them.
  bool load();
  bool store() const;
  bool clear();
  Entry* find(const char* path);
  // The next entry directly inside a folder after `previous` (null: the first one); null after the last.
  Entry* nextInside(const char* folder, const Entry* previous);
  // Null if there is no free entry or the path is invalid.
  Entry* add(const char* path, bool isFolder);
  void erase(Entry* entry);
  bool hasParent(const char* path);
  size_t usedBytes();

  size_t sizeOf(const Entry* entry) const;
  void read(const Entry* entry, uint8_t* out, size_t size) const;
  // False if the file would exceed its maximum size.
  bool write(const Entry* entry, const uint8_t* bytes, size_t size);

 private:
  Entry* entries_ = nullptr;
};

extern FileIndex fileIndex;

}  // namespace bot
