// A TLS connection. On the virtual bot the browser verifies certificates; these settings have no effect.
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
