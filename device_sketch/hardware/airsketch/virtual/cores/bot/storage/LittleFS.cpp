#include "storage/LittleFS.h"

#include "storage/file_index.h"
#include "storage/open_file.h"

using bot::Entry;
using bot::fileIndex;

fs::LittleFSFS LittleFS;

namespace {
// Without the trailing slash that the path of a folder may have.
String trimmed(const char* path) {
  String text(path ? path : "");
  if (text.length() > 1 && text.endsWith("/")) text.remove(text.length() - 1);
  return text;
}

void makeParents(const String& path) {
  for (int slash = path.indexOf('/', 1); slash > 0; slash = path.indexOf('/', slash + 1))
    LittleFS.mkdir(path.substring(0, slash));
}
}  // namespace

bool fs::LittleFSFS::begin(bool, const char*, uint8_t, const char*) {
  isMounted_ = fileIndex.load();
  return isMounted_;
}

bool fs::LittleFSFS::format() {
  return fileIndex.clear();
}

size_t fs::LittleFSFS::totalBytes() const {
  return bot::kFilesTotalBytes;
}

size_t fs::LittleFSFS::usedBytes() const {
  return isMounted_ ? fileIndex.usedBytes() : 0;
}

bool fs::LittleFSFS::exists(const char* path) const {
  const String name = trimmed(path);
  return isMounted_ && (name == "/" || fileIndex.find(name.c_str()));
}

fs::File fs::LittleFSFS::open(const char* path, const char* mode, bool create) {
  const String name = trimmed(path);
  if (!isMounted_ || !mode) return File();
  if (name == "/") return openEntry(nullptr, name.c_str(), mode);
  Entry* entry = fileIndex.find(name.c_str());
  if (!entry && mode[0] != 'r') {
    if (create) makeParents(name);
    if (fileIndex.hasParent(name.c_str())) entry = fileIndex.add(name.c_str(), false);
  }
  return entry ? openEntry(entry, name.c_str(), mode) : File();
}

bool fs::LittleFSFS::remove(const char* path) {
  Entry* const entry = isMounted_ ? fileIndex.find(trimmed(path).c_str()) : nullptr;
  if (!entry || entry->isFolder) return false;
  fileIndex.erase(entry);
  return true;
}

bool fs::LittleFSFS::mkdir(const char* path) {
  const String name = trimmed(path);
  if (!isMounted_) return false;
  const Entry* const known = fileIndex.find(name.c_str());
  if (known) return known->isFolder;
  return fileIndex.hasParent(name.c_str()) && fileIndex.add(name.c_str(), true);
}

bool fs::LittleFSFS::rmdir(const char* path) {
  const String name = trimmed(path);
  Entry* const entry = isMounted_ ? fileIndex.find(name.c_str()) : nullptr;
  if (!entry || !entry->isFolder || fileIndex.nextInside(name.c_str(), nullptr)) return false;
  fileIndex.erase(entry);
  return true;
}

bool fs::LittleFSFS::rename(const char* from, const char* to) {
  const String source = trimmed(from), target = trimmed(to);
  Entry* const entry = isMounted_ ? fileIndex.find(source.c_str()) : nullptr;
  const bool isGood = target.startsWith("/") && target.length() > 1 && target.length() <= bot::kMaximumPathBytes;
  // Only an empty folder can be renamed: its content is stored under full paths.
  if (!entry || !isGood || !fileIndex.hasParent(target.c_str())) return false;
  if (source == target) return true;
  if (entry->isFolder && fileIndex.nextInside(source.c_str(), nullptr)) return false;
  Entry* const replaced = fileIndex.find(target.c_str());
  if (replaced && replaced->isFolder) return false;
  if (replaced) fileIndex.erase(replaced);
  strcpy(entry->path, target.c_str());
  return fileIndex.store();
}
