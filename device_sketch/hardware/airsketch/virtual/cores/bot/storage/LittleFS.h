// A small file system that survives a restart. It shares the 20 KiB of Preferences: 12 KiB for files with their names,
// at most 64 files and folders, paths of at most 63 bytes. Open files are kept in memory until they are flushed or
// closed.
#pragma once

#include "storage/FS.h"

namespace fs {

class LittleFSFS {
 public:
  bool begin(bool formatOnFail = false, const char* basePath = "/littlefs", uint8_t maximumOpen = 10,
             const char* partition = "spiffs");
  void end() { isMounted_ = false; }
  bool format();
  size_t totalBytes() const;
  size_t usedBytes() const;

  // Modes: "r", "r+", "w", "w+", "a", "a+". `create` creates missing folders.
  File open(const char* path, const char* mode = FILE_READ, bool create = false);
  File open(const String& path, const char* mode = FILE_READ, bool create = false) {
    return open(path.c_str(), mode, create);
  }
  bool exists(const char* path) const;
  bool exists(const String& path) const { return exists(path.c_str()); }
  bool remove(const char* path);
  bool remove(const String& path) { return remove(path.c_str()); }
  bool rename(const char* from, const char* to);
  bool rename(const String& from, const String& to) { return rename(from.c_str(), to.c_str()); }
  bool mkdir(const char* path);
  bool mkdir(const String& path) { return mkdir(path.c_str()); }
  bool rmdir(const char* path);
  bool rmdir(const String& path) { return rmdir(path.c_str()); }

 private:
  bool isMounted_ = false;
};

}  // namespace fs

extern fs::LittleFSFS LittleFS;
