// A connection over TLS. On the virtual bot the page checks certificates; the settings here change nothing.
#pragma once

#include "network/NetworkClient.h"

class NetworkClientSecure : public NetworkClient {
 public:
  void setInsecure() {}
  void setCACert(const char*) {}
  void setCertificate(const char*) {}
  void setPrivateKey(const char*) {}
};

typedef NetworkClientSecure WiFiClientSecure;
