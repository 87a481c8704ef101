// Calls functions periodically, or once after a delay. On the virtual bot they run while the sketch is inside delay()
// and between two calls of loop().
#pragma once

#include <stdint.h>

class Ticker {
 public:
  typedef void (*callback_t)();
  typedef void (*callback_with_arg_t)(void*);

  ~Ticker() { detach(); }
  void attach(float interval_s, callback_t function) { attach_ms(static_cast<uint32_t>(interval_s * 1000), function); }
  void attach_ms(uint32_t interval_ms, callback_t function) { start(interval_ms, true, function, nullptr, nullptr); }
  void once(float delay_s, callback_t function) { once_ms(static_cast<uint32_t>(delay_s * 1000), function); }
  void once_ms(uint32_t delay_ms, callback_t function) { start(delay_ms, false, function, nullptr, nullptr); }
  template <typename Argument>
  void attach_ms(uint32_t interval_ms, void (*function)(Argument), Argument argument) {
    static_assert(sizeof(Argument) <= sizeof(void*), "the argument must not be larger than a pointer");
    start(interval_ms, true, nullptr, reinterpret_cast<callback_with_arg_t>(function), (void*)argument);
  }
  template <typename Argument>
  void once_ms(uint32_t delay_ms, void (*function)(Argument), Argument argument) {
    static_assert(sizeof(Argument) <= sizeof(void*), "the argument must not be larger than a pointer");
    start(delay_ms, false, nullptr, reinterpret_cast<callback_with_arg_t>(function), (void*)argument);
  }
  void detach();
  bool active() const { return interval_us_ > 0; }

  // Calls what is due. Returns the microseconds until the next call, at most `limit_us`.
  static double serve(double limit_us);

 private:
  void start(uint32_t interval_ms, bool repeat, callback_t plain, callback_with_arg_t withArgument, void* argument);
  void call();

  Ticker* next_ = nullptr;
  callback_t plain_ = nullptr;
  callback_with_arg_t withArgument_ = nullptr;
  void* argument_ = nullptr;
  double interval_us_ = 0;
  double due_us_ = 0;
  bool repeat_ = false;
};
