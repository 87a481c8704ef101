#include "storage/FS.h"

#include <stdlib.h>
#include <string.h>

#include "storage/file_index.h"
#include "storage/open_file.h"

using bot::Entry;
using bot::fileIndex;

struct fs::OpenFile {
  String path;
  Entry* entry = nullptr;
  const Entry* listed = nullptr;  // of a folder: the entry that was returned last
  uint8_t* bytes = nullptr;
  size_t size = 0;
  size_t position = 0;
  int copies = 1;
  bool isFolder = false;
  bool mayRead = true;
  bool mayWrite = false;
  bool appends = false;
  bool isChanged = false;
};

fs::File fs::openEntry(Entry* entry, const char* path, const char* mode) {
  const bool isFolder = !entry || entry->isFolder;
  const bool both = strchr(mode, '+') != nullptr;
  if (isFolder && (mode[0] != 'r' || both)) return File();
  OpenFile* const open = new OpenFile;
  open->path = path;
  open->entry = entry;
  open->isFolder = isFolder;
  open->mayRead = mode[0] == 'r' || both;
  open->mayWrite = mode[0] != 'r' || both;
  open->appends = mode[0] == 'a';
  open->isChanged = mode[0] == 'w';
  if (isFolder || mode[0] == 'w') return File(open);
  open->size = fileIndex.sizeOf(entry);
  open->bytes = static_cast<uint8_t*>(malloc(open->size + 1));
  if (open->bytes) fileIndex.read(entry, open->bytes, open->size);
  return File(open);
}

fs::File::File(const File& other) : Stream(other), open_(other.open_) {
  if (open_) open_->copies++;
}

fs::File& fs::File::operator=(const File& other) {
  if (other.open_) other.open_->copies++;
  release();
  open_ = other.open_;
  return *this;
}

void fs::File::release() {
  OpenFile* const open = open_;
  open_ = nullptr;
  if (!open || --open->copies > 0) return;
  File last(open);
  last.flush();
  last.open_ = nullptr;
  free(open->bytes);
  delete open;
}

void fs::File::flush() {
  // The file may have been removed or renamed while it was open.
  if (!open_ || !open_->isChanged || open_->path != open_->entry->path) return;
  open_->isChanged = !fileIndex.write(open_->entry, open_->bytes, open_->size);
  if (open_->isChanged) setWriteError();
}

size_t fs::File::write(const uint8_t* bytes, size_t size) {
  if (!open_ || !open_->mayWrite) return 0;
  if (open_->appends) open_->position = open_->size;
  const size_t end = open_->position + size;
  // As on a full disk: what does not fit is not written, and the returned count is smaller.
  if (end > bot::kFilesTotalBytes) return setWriteError(), 0;
  if (end > open_->size) {
    const size_t taken = fileIndex.usedBytes() - fileIndex.sizeOf(open_->entry);
    uint8_t* const grown =
        taken + end > bot::kFilesTotalBytes ? nullptr : static_cast<uint8_t*>(realloc(open_->bytes, end));
    if (!grown) return setWriteError(), 0;
    open_->bytes = grown;
    open_->size = end;
  }
  memcpy(open_->bytes + open_->position, bytes, size);
  open_->position = end;
  open_->isChanged = true;
  return size;
}

int fs::File::available() {
  return open_ && open_->mayRead && !open_->isFolder ? open_->size - open_->position : 0;
}

int fs::File::peek() {
  return available() > 0 ? open_->bytes[open_->position] : -1;
}

int fs::File::read() {
  return available() > 0 ? open_->bytes[open_->position++] : -1;
}

size_t fs::File::read(uint8_t* out, size_t size) {
  const size_t left = available();
  if (size > left) size = left;
  if (size == 0) return 0;
  memcpy(out, open_->bytes + open_->position, size);
  open_->position += size;
  return size;
}

bool fs::File::seek(uint32_t position, SeekMode mode) {
  if (!open_ || open_->isFolder) return false;
  const size_t base = mode == SeekSet ? 0 : mode == SeekCur ? open_->position : open_->size;
  if (base + position > open_->size) return false;
  open_->position = base + position;
  return true;
}

size_t fs::File::position() const {
  return open_ ? open_->position : 0;
}

size_t fs::File::size() const {
  return open_ ? open_->size : 0;
}

const char* fs::File::path() const {
  return open_ ? open_->path.c_str() : nullptr;
}

const char* fs::File::name() const {
  return open_ ? strrchr(path(), '/') + 1 : nullptr;
}

bool fs::File::isDirectory() const {
  return open_ && open_->isFolder;
}

fs::File fs::File::openNextFile(const char* mode) {
  if (!isDirectory()) return File();
  Entry* const next = fileIndex.nextInside(path(), open_->listed);
  if (!next) return File();
  open_->listed = next;
  return openEntry(next, next->path, mode);
}

String fs::File::getNextFileName() {
  const File next = openNextFile();
  return next ? String(next.path()) : String();
}

void fs::File::rewindDirectory() {
  if (open_) open_->listed = nullptr;
}
