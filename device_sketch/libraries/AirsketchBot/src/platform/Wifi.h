// The Wi-Fi station, shared with the sketch.
#pragma once

#include <stdint.h>

namespace airsketch {

enum class Link : uint8_t { kDown, kJoining, kUp };

// Why the server cannot be reached. A check-in reports these codes as `network_trouble`.
enum class NetworkError : uint8_t { kNone, kNoSuchNetwork, kWrongPassword, kNoAddress, kCaptivePortal, kServerSilent };

inline const char* toString(NetworkError error) {
  switch (error) {
    case NetworkError::kNone:
      return "";
    case NetworkError::kNoSuchNetwork:
      return "no_such_network";
    case NetworkError::kWrongPassword:
      return "wrong_password";
    case NetworkError::kNoAddress:
      return "no_address";
    case NetworkError::kCaptivePortal:
      return "captive_portal";
    case NetworkError::kServerSilent:
      break;
  }
  return "server_silent";
}

class Wifi {
 public:
  // Any network with an IP address counts as up, including the sketch's own. Joining: by the agent or the sketch.
  virtual Link link() = 0;
  // Why the last join failed; kNone while it is still in progress.
  virtual NetworkError joinError() = 0;
  // Leaves the current network and starts joining this one, which may be hidden.
  virtual void join(const char* ssid, const char* password) = 0;
  // Whether an empty name joins a network that the board knows by itself.
  virtual bool hasOwnNetwork() = 0;
  virtual int32_t rssi_dbm() = 0;

 protected:
  ~Wifi() = default;
};

}  // namespace airsketch
