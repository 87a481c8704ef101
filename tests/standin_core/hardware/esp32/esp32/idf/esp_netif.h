// STAND-IN: declarations of ESP-IDF 5.1 that AirsketchBot uses, so that its types are checked. No code.
#pragma once

#include <stdint.h>

#include "esp_err.h"

typedef struct {
  uint32_t addr;
} esp_ip4_addr_t;
typedef struct {
  esp_ip4_addr_t ip;
  esp_ip4_addr_t netmask;
  esp_ip4_addr_t gw;
} esp_netif_ip_info_t;
typedef struct esp_netif_obj esp_netif_t;

extern "C" {
esp_err_t esp_netif_init(void);
esp_netif_t* esp_netif_get_handle_from_ifkey(const char* if_key);
bool esp_netif_is_netif_up(esp_netif_t* esp_netif);
esp_err_t esp_netif_get_ip_info(esp_netif_t* esp_netif, esp_netif_ip_info_t* ip_info);
}
