// The system functions of the C library, implemented on the host interface, so that an image imports nothing else.
//
// The C library calls functions named `__imported_wasi_snapshot_preview1_*`. Defining one here replaces the import. The
// bot has a console, a clock and random numbers; everything else is not supported.
#include <stdint.h>
#include <string.h>

#include "bot_host.h"

namespace {
constexpr int32_t kSuccess = 0;
constexpr int32_t kBadDescriptor = 8;  // WASI: badf
constexpr int32_t kNotSupported = 58;  // WASI: notsup
constexpr int32_t kRealTimeClock = 0;  // WASI: clockid realtime
constexpr int32_t kFirstUnusedDescriptor = 3;

struct Piece {
  const void* bytes;
  int32_t size;
};

template <typename Value>
void store(int32_t address, Value value) {
  memcpy(reinterpret_cast<void*>(address), &value, sizeof value);
}
}  // namespace

#define WASI(name) __imported_wasi_snapshot_preview1_##name

extern "C" {

int32_t WASI(fd_write)(int32_t descriptor, int32_t pieces, int32_t count, int32_t writtenOut) {
  if (descriptor < 1 || descriptor >= kFirstUnusedDescriptor) return kBadDescriptor;
  const Piece* piece = reinterpret_cast<const Piece*>(pieces);
  int32_t written = 0;
  for (int32_t index = 0; index < count; index++, piece++) {
    if (piece->size > 0) bot::host::bot_tx(piece->bytes, piece->size);
    written += piece->size;
  }
  store(writtenOut, written);
  return kSuccess;
}

int32_t WASI(fd_read)(int32_t, int32_t, int32_t, int32_t readOut) {
  store<int32_t>(readOut, 0);
  return kSuccess;
}

int32_t WASI(fd_close)(int32_t) {
  return kSuccess;
}
// The part of the C library that is written in zig calls the same function by another name.
int32_t closeOfZig(int32_t descriptor) __asm__("fd_close|wasi_snapshot_preview1");
int32_t closeOfZig(int32_t descriptor) {
  return WASI(fd_close)(descriptor);
}
int32_t WASI(fd_seek)(int32_t, int64_t, int32_t, int32_t) {
  return kNotSupported;
}
int32_t WASI(fd_fdstat_get)(int32_t, int32_t) {
  return kBadDescriptor;
}
int32_t WASI(fd_fdstat_set_flags)(int32_t, int32_t) {
  return kNotSupported;
}
int32_t WASI(fd_prestat_get)(int32_t, int32_t) {
  return kBadDescriptor;
}
int32_t WASI(fd_prestat_dir_name)(int32_t, int32_t, int32_t) {
  return kBadDescriptor;
}
int32_t WASI(fd_filestat_get)(int32_t, int32_t) {
  return kBadDescriptor;
}
int32_t WASI(fd_readdir)(int32_t, int32_t, int32_t, int64_t, int32_t) {
  return kNotSupported;
}
int32_t WASI(fd_pread)(int32_t, int32_t, int32_t, int64_t, int32_t) {
  return kNotSupported;
}
int32_t WASI(fd_pwrite)(int32_t, int32_t, int32_t, int64_t, int32_t) {
  return kNotSupported;
}
int32_t WASI(path_open)(int32_t, int32_t, int32_t, int32_t, int32_t, int64_t, int64_t, int32_t, int32_t) {
  return kNotSupported;
}
int32_t WASI(path_filestat_get)(int32_t, int32_t, int32_t, int32_t, int32_t) {
  return kNotSupported;
}
int32_t WASI(path_unlink_file)(int32_t, int32_t, int32_t) {
  return kNotSupported;
}
int32_t WASI(path_remove_directory)(int32_t, int32_t, int32_t) {
  return kNotSupported;
}
int32_t WASI(path_rename)(int32_t, int32_t, int32_t, int32_t, int32_t, int32_t) {
  return kNotSupported;
}
int32_t WASI(path_create_directory)(int32_t, int32_t, int32_t) {
  return kNotSupported;
}
int32_t WASI(path_readlink)(int32_t, int32_t, int32_t, int32_t, int32_t, int32_t) {
  return kNotSupported;
}
int32_t WASI(poll_oneoff)(int32_t, int32_t, int32_t, int32_t) {
  return kNotSupported;
}

int32_t WASI(fd_advise)(int32_t, int64_t, int64_t, int32_t) {
  return kNotSupported;
}
int32_t WASI(fd_allocate)(int32_t, int64_t, int64_t) {
  return kNotSupported;
}
int32_t WASI(fd_datasync)(int32_t) {
  return kNotSupported;
}
int32_t WASI(fd_fdstat_set_rights)(int32_t, int64_t, int64_t) {
  return kNotSupported;
}
int32_t WASI(fd_filestat_set_size)(int32_t, int64_t) {
  return kNotSupported;
}
int32_t WASI(fd_filestat_set_times)(int32_t, int64_t, int64_t, int32_t) {
  return kNotSupported;
}
int32_t WASI(fd_renumber)(int32_t, int32_t) {
  return kNotSupported;
}
int32_t WASI(fd_sync)(int32_t) {
  return kNotSupported;
}
int32_t WASI(fd_tell)(int32_t, int32_t) {
  return kNotSupported;
}
int32_t WASI(path_filestat_set_times)(int32_t, int32_t, int32_t, int32_t, int64_t, int64_t, int32_t) {
  return kNotSupported;
}
int32_t WASI(path_link)(int32_t, int32_t, int32_t, int32_t, int32_t, int32_t, int32_t) {
  return kNotSupported;
}
int32_t WASI(path_symlink)(int32_t, int32_t, int32_t, int32_t, int32_t) {
  return kNotSupported;
}
int32_t WASI(sock_accept)(int32_t, int32_t, int32_t) {
  return kNotSupported;
}
int32_t WASI(sock_recv)(int32_t, int32_t, int32_t, int32_t, int32_t, int32_t) {
  return kNotSupported;
}
int32_t WASI(sock_send)(int32_t, int32_t, int32_t, int32_t, int32_t) {
  return kNotSupported;
}
int32_t WASI(sock_shutdown)(int32_t, int32_t) {
  return kNotSupported;
}

int32_t WASI(args_sizes_get)(int32_t countOut, int32_t sizeOut) {
  store<int32_t>(countOut, 0);
  store<int32_t>(sizeOut, 0);
  return kSuccess;
}
int32_t WASI(args_get)(int32_t, int32_t) {
  return kSuccess;
}

int32_t WASI(environ_sizes_get)(int32_t countOut, int32_t sizeOut) {
  store<int32_t>(countOut, 0);
  store<int32_t>(sizeOut, 0);
  return kSuccess;
}
int32_t WASI(environ_get)(int32_t, int32_t) {
  return kSuccess;
}

int32_t WASI(clock_res_get)(int32_t, int32_t resolutionOut) {
  store<int64_t>(resolutionOut, 1000);
  return kSuccess;
}

int32_t WASI(clock_time_get)(int32_t clock, int64_t, int32_t nanosecondsOut) {
  const double now_ns = clock == kRealTimeClock ? bot::host::bot_unix_ms() * 1e6 : bot::host::bot_now_us() * 1e3;
  store<int64_t>(nanosecondsOut, static_cast<int64_t>(now_ns));
  return kSuccess;
}

int32_t WASI(random_get)(int32_t out, int32_t size) {
  for (int32_t at = 0; at < size; at++) store<uint8_t>(out + at, static_cast<uint8_t>(bot::host::bot_random()));
  return kSuccess;
}

int32_t WASI(sched_yield)() {
  bot::host::bot_idle();
  return kSuccess;
}

[[noreturn]] void WASI(proc_exit)(int32_t) {
  static constexpr char kText[] = "the program ended by exit() or abort()";
  bot::host::bot_panic(kText, sizeof kText - 1);
}
}
