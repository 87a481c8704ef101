// Log lines of a sketch: errors and warnings are printed, the rest is left out.
#pragma once

#define log_e(format, ...) Serial.printf("[E] " format "\r\n" __VA_OPT__(, ) __VA_ARGS__)
#define log_w(format, ...) Serial.printf("[W] " format "\r\n" __VA_OPT__(, ) __VA_ARGS__)
#define log_i(format, ...) bot::ignoreLog(__VA_ARGS__)
#define log_d(format, ...) bot::ignoreLog(__VA_ARGS__)
#define log_v(format, ...) bot::ignoreLog(__VA_ARGS__)

namespace bot {

// Keeps what is only logged from counting as unused.
template <typename... Arguments>
inline void ignoreLog(const Arguments&...) {}

}  // namespace bot
