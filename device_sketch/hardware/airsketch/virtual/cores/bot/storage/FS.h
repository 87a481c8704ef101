// Files and folders, with the API of Espressif's core.
#pragma once

#include "Stream.h"

#define FILE_READ "r"
#define FILE_WRITE "w"
#define FILE_APPEND "a"

namespace fs {

enum SeekMode { SeekSet = 0, SeekCur = 1, SeekEnd = 2 };

struct OpenFile;

// An open file or folder. Copies refer to the same open file; destroying the last one closes it.
class File : public Stream {
 public:
  // No need to wait at the end of a file.
  explicit File(OpenFile* taken = nullptr) : open_(taken) { setTimeout(0); }
  File(const File& other);
  File& operator=(const File& other);
  ~File() override { release(); }

  explicit operator bool() const { return open_ != nullptr; }
  size_t write(uint8_t byte) override { return write(&byte, 1); }
  size_t write(const uint8_t* bytes, size_t size) override;
  using Print::write;
  int available() override;
  int read() override;
  int peek() override;
  size_t read(uint8_t* out, size_t size);
  size_t readBytes(char* out, size_t size) override { return read(reinterpret_cast<uint8_t*>(out), size); }
  using Stream::readBytes;
  void flush() override;
  bool seek(uint32_t position, SeekMode mode = SeekSet);
  size_t position() const;
  size_t size() const;
  void close() { release(); }

  const char* path() const;
  const char* name() const;
  bool isDirectory() const;
  // The next file or folder inside this folder; an empty File after the last.
  File openNextFile(const char* mode = FILE_READ);
  String getNextFileName();
  void rewindDirectory();

 private:
  void release();

  OpenFile* open_ = nullptr;
};

}  // namespace fs

using fs::File;
using fs::SeekCur;
using fs::SeekEnd;
using fs::SeekMode;
using fs::SeekSet;
