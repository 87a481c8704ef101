// Which files and folders there are, and where each keeps its bytes: one stored value for all names, one for each file.
#pragma once

#include "WString.h"

namespace bot {

constexpr size_t kFilesTotalBytes = 12 * 1024;
constexpr int kMaximumEntries = 64;
constexpr size_t kMaximumPathBytes = 63;

struct Entry {
  char path[kMaximumPathBytes + 1];  // empty: a free place
  uint8_t isFolder;
};

class FileIndex {
 public:
  // Reads the names once; true unless there is no memory for them.
  bool load();
  bool store() const;
  bool clear();
  Entry* find(const char* path);
  // The entry after `previous` (null: the first) that lies directly in a folder; null after the last.
  Entry* nextInside(const char* folder, const Entry* previous);
  // Null if there is no room for one more or the path is no good one.
  Entry* add(const char* path, bool isFolder);
  void erase(Entry* entry);
  bool hasParent(const char* path);
  size_t usedBytes();

  size_t sizeOf(const Entry* entry) const;
  void read(const Entry* entry, uint8_t* out, size_t size) const;
  // False if the file would grow over the bound.
  bool write(const Entry* entry, const uint8_t* bytes, size_t size);

 private:
  Entry* entries_ = nullptr;
};

extern FileIndex fileIndex;

}  // namespace bot
