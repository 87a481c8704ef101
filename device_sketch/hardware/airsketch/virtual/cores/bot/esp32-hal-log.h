// Log macros: errors and warnings are printed, other levels compile to nothing.
#pragma once

#define log_e(format, ...) Serial.printf("[E] " format "\r\n" __VA_OPT__(, ) __VA_ARGS__)
#define log_w(format, ...) Serial.printf("[W] " format "\r\n" __VA_OPT__(, ) __VA_ARGS__)
#define log_i(format, ...) bot::ignoreLog(__VA_ARGS__)
#define log_d(format, ...) bot::ignoreLog(__VA_ARGS__)
#define log_v(format, ...) bot::ignoreLog(__VA_ARGS__)

namespace bot {

// Avoids warnings about variables that are only logged.
template <typename... Arguments>
inline void ignoreLog(const Arguments&...) {}

}  // namespace bot
