// Connects delay() to the tickers, so that a sketch without a Ticker contains none of their code.
#pragma once

namespace bot {

// Null until the first Ticker starts. Calls what is due; returns the microseconds until the next, at most `limit_us`.
extern double (*serveTickers)(double limit_us);

}  // namespace bot
