// The virtual bot's Wi-Fi, simulated by its host.
#pragma once

#include <bot_host.h>
#include <string.h>

#include "../Wifi.h"

namespace airsketch {

class VirtualWifi final : public Wifi {
 public:
  Link link() override { return bot::host::bot_wifi_status() == kConnected ? Link::kUp : Link::kDown; }

  NetworkError joinError() override {
    const int32_t status = bot::host::bot_wifi_status();
    return status == kNoSuchNetwork   ? NetworkError::kNoSuchNetwork
           : status == kWrongPassword ? NetworkError::kWrongPassword
                                      : NetworkError::kNone;
  }

  void join(const char* ssid, const char* password) override {
    bot::host::bot_wifi_begin(ssid, static_cast<int32_t>(strlen(ssid)), password,
                              static_cast<int32_t>(strlen(password)));
  }

  bool hasOwnNetwork() override { return true; }
  int32_t rssi_dbm() override { return bot::host::bot_wifi_rssi(); }

 private:
  // HOST_INTERFACE.md, `wifi_status`.
  static constexpr int32_t kNoSuchNetwork = 1, kConnected = 3, kWrongPassword = 4;
};

}  // namespace airsketch
