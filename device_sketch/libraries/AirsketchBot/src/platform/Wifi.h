// The Wi-Fi station, shared with the sketch.
#pragma once

#include <stdint.h>

namespace airsketch {

enum class Link : uint8_t { kDown, kJoining, kUp };

// Why there is no way to the server, in the words of the report.
enum class Trouble : uint8_t { kNone, kNoSuchNetwork, kWrongPassword, kNoAddress, kCaptivePortal, kServerSilent };

inline const char* toString(Trouble trouble) {
  switch (trouble) {
    case Trouble::kNone:
      return "";
    case Trouble::kNoSuchNetwork:
      return "no_such_network";
    case Trouble::kWrongPassword:
      return "wrong_password";
    case Trouble::kNoAddress:
      return "no_address";
    case Trouble::kCaptivePortal:
      return "captive_portal";
    case Trouble::kServerSilent:
      break;
  }
  return "server_silent";
}

class Wifi {
 public:
  // Any network with an address counts as up, the sketch's own too. Joining: the agent or the sketch is at it.
  virtual Link link() = 0;
  // Why the last join did not work; kNone while there is no answer yet.
  virtual Trouble trouble() = 0;
  // Leaves the present network and starts joining; hidden networks too.
  virtual void join(const char* ssid, const char* password) = 0;
  // Whether an empty name joins the network that this board was made with.
  virtual bool hasOwnNetwork() = 0;
  virtual int32_t rssi_dbm() = 0;

 protected:
  ~Wifi() = default;
};

}  // namespace airsketch
