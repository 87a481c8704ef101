#include "storage/file_index.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bot_host.h"

using namespace bot::host;

namespace {
constexpr char kSpace[] = "littlefs";
constexpr char kIndexKey[] = "names";
constexpr int32_t kSpaceSize = sizeof kSpace - 1;
constexpr int32_t kIndexKeySize = sizeof kIndexKey - 1;
constexpr size_t kRecordHeadBytes = 2;  // index, and whether it is a folder
constexpr size_t kMaximumIndexBytes = bot::kMaximumEntries * (sizeof(bot::Entry) + kRecordHeadBytes);

// The key under which the content of a file is stored.
struct Key {
  explicit Key(int place) : size(snprintf(text, sizeof text, "f%d", place)) {}
  char text[8];
  int32_t size;
};
}  // namespace

bot::FileIndex bot::fileIndex;

bool bot::FileIndex::load() {
  if (entries_) return true;
  entries_ = static_cast<Entry*>(calloc(kMaximumEntries, sizeof *entries_));
  char* text = static_cast<char*>(malloc(kMaximumIndexBytes));
  if (!entries_ || !text) {
    free(text);
    return false;
  }
  const int32_t size = bot_nvs_get(kSpace, kSpaceSize, kIndexKey, kIndexKeySize, text, kMaximumIndexBytes);
  for (int32_t at = 0; at < size;) {
    const int place = text[at] & (kMaximumEntries - 1);
    entries_[place].isFolder = text[at + 1] != 0;
    snprintf(entries_[place].path, sizeof entries_[place].path, "%s", text + at + kRecordHeadBytes);
    at += kRecordHeadBytes + strlen(entries_[place].path) + 1;
  }
  free(text);
  return true;
}

bool bot::FileIndex::store() const {
  String text;
  for (int place = 0; place < kMaximumEntries; place++) {
    if (!entries_[place].path[0]) continue;
    const char head[kRecordHeadBytes] = {static_cast<char>(place), static_cast<char>(entries_[place].isFolder)};
    text.concat(head, sizeof head);
    text.concat(entries_[place].path, strlen(entries_[place].path) + 1);
  }
  return bot_nvs_set(kSpace, kSpaceSize, kIndexKey, kIndexKeySize, text.c_str(), text.length()) == 0;
}

bool bot::FileIndex::clear() {
  if (!load()) return false;
  memset(entries_, 0, kMaximumEntries * sizeof *entries_);
  bot_nvs_del(kSpace, kSpaceSize, "", 0);
  return true;
}

bot::Entry* bot::FileIndex::find(const char* path) {
  for (int place = 0; place < kMaximumEntries; place++)
    if (*path && strcmp(entries_[place].path, path) == 0) return &entries_[place];
  return nullptr;
}

bot::Entry* bot::FileIndex::nextInside(const char* folder, const Entry* previous) {
  const size_t size = strcmp(folder, "/") == 0 ? 0 : strlen(folder);
  for (int place = previous ? previous - entries_ + 1 : 0; place < kMaximumEntries; place++) {
    const char* const path = entries_[place].path;
    const bool isInside = strncmp(path, folder, size) == 0 && path[size] == '/';
    if (isInside && !strchr(path + size + 1, '/')) return &entries_[place];
  }
  return nullptr;
}

bot::Entry* bot::FileIndex::add(const char* path, bool isFolder) {
  const size_t size = strlen(path);
  if (size < 2 || size > kMaximumPathBytes || path[0] != '/' || path[size - 1] == '/') return nullptr;
  if (usedBytes() + kRecordHeadBytes + size + 1 > kFilesTotalBytes) return nullptr;
  for (int place = 0; place < kMaximumEntries; place++) {
    Entry* const entry = &entries_[place];
    if (entry->path[0]) continue;
    strcpy(entry->path, path);
    entry->isFolder = isFolder;
    if (store()) return entry;
    entry->path[0] = '\0';
    return nullptr;
  }
  return nullptr;
}

void bot::FileIndex::erase(Entry* entry) {
  const Key key(entry - entries_);
  bot_nvs_del(kSpace, kSpaceSize, key.text, key.size);
  entry->path[0] = '\0';
  store();
}

bool bot::FileIndex::hasParent(const char* path) {
  const char* const slash = strrchr(path, '/');
  if (!slash || slash == path) return slash == path;
  const Entry* const parent = find(String(path, slash - path).c_str());
  return parent && parent->isFolder;
}

size_t bot::FileIndex::usedBytes() {
  size_t used = 0;
  for (int place = 0; place < kMaximumEntries; place++)
    if (entries_[place].path[0]) used += kRecordHeadBytes + strlen(entries_[place].path) + 1 + sizeOf(&entries_[place]);
  return used;
}

size_t bot::FileIndex::sizeOf(const Entry* entry) const {
  const Key key(entry - entries_);
  const int32_t size = bot_nvs_get(kSpace, kSpaceSize, key.text, key.size, nullptr, 0);
  return size > 0 ? size : 0;
}

void bot::FileIndex::read(const Entry* entry, uint8_t* out, size_t size) const {
  const Key key(entry - entries_);
  bot_nvs_get(kSpace, kSpaceSize, key.text, key.size, out, size);
}

bool bot::FileIndex::write(const Entry* entry, const uint8_t* bytes, size_t size) {
  const Key key(entry - entries_);
  if (usedBytes() - sizeOf(entry) + size > kFilesTotalBytes) return false;
  if (size == 0) return bot_nvs_del(kSpace, kSpaceSize, key.text, key.size), true;
  return bot_nvs_set(kSpace, kSpaceSize, key.text, key.size, bytes, size) == 0;
}
