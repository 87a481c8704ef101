#include "system/Ticker.h"

#include "bot_host.h"
#include "system/tickers_due.h"

namespace {
Ticker* first = nullptr;
constexpr double kMicrosecondsPerMillisecond = 1000;
}  // namespace

void Ticker::start(uint32_t interval_ms, bool repeat, callback_t plain, callback_with_arg_t withArgument,
                   void* argument) {
  detach();
  plain_ = plain;
  withArgument_ = withArgument;
  argument_ = argument;
  repeat_ = repeat;
  interval_us_ = (interval_ms > 0 ? interval_ms : 1) * kMicrosecondsPerMillisecond;
  due_us_ = bot::host::bot_now_us() + interval_us_;
  next_ = first;
  first = this;
  bot::serveTickers = serve;
}

void Ticker::detach() {
  for (Ticker** link = &first; *link; link = &(*link)->next_) {
    if (*link != this) continue;
    *link = next_;
    break;
  }
  interval_us_ = 0;
}

void Ticker::call() {
  if (repeat_)
    due_us_ += interval_us_;
  else
    detach();
  if (plain_)
    plain_();
  else
    withArgument_(argument_);
}

double Ticker::serve(double limit_us) {
  const double now_us = bot::host::bot_now_us();
  double wait_us = limit_us;
  for (Ticker *ticker = first, *next; ticker; ticker = next) {
    next = ticker->next_;
    if (ticker->due_us_ <= now_us) ticker->call();
    const double left_us = ticker->due_us_ - now_us;
    if (ticker->active() && left_us < wait_us) wait_us = left_us > 0 ? left_us : 0;
  }
  return wait_us;
}
