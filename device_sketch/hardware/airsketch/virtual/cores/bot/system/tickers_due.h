// The link between waiting and tickers, so that a sketch without a Ticker carries none of it.
#pragma once

namespace bot {

// Null until the first Ticker starts. Calls what is due; returns the microseconds to the next, at most `limit_us`.
extern double (*serveTickers)(double limit_us);

}  // namespace bot
