// The host interface: every function that an image of the virtual bot may import from the program that runs it.
// The specification, with units and error values, is HOST_INTERFACE.md at the root of this platform.
#pragma once

#include <stdint.h>

#define BOT_IMPORT(name) __attribute__((import_module("bot"), import_name(name)))

namespace bot::host {

// The size of a firmware slot, as large as in the default partition table of an ESP32.
constexpr uint32_t kSlotBytes = 1310720;

extern "C" {

BOT_IMPORT("now_us") double bot_now_us();
BOT_IMPORT("unix_ms") double bot_unix_ms();
BOT_IMPORT("sleep_us") void bot_sleep_us(double duration_us);
BOT_IMPORT("idle") void bot_idle();

BOT_IMPORT("pin_mode") void bot_pin_mode(int32_t pin, int32_t mode);
BOT_IMPORT("dwrite") void bot_dwrite(int32_t pin, int32_t level);
BOT_IMPORT("dread") int32_t bot_dread(int32_t pin);
BOT_IMPORT("aread") int32_t bot_aread(int32_t pin);
BOT_IMPORT("awrite") void bot_awrite(int32_t pin, int32_t duty, int32_t bits);
BOT_IMPORT("irq_mode") void bot_irq_mode(int32_t pin, int32_t mode);
BOT_IMPORT("tone") void bot_tone(int32_t pin, double frequency_hz, double duration_ms);

BOT_IMPORT("part") void bot_part(int32_t kind, int32_t id, const void* bytes, int32_t size);

BOT_IMPORT("tx") void bot_tx(const void* bytes, int32_t size);
BOT_IMPORT("rx_avail") int32_t bot_rx_avail();
BOT_IMPORT("rx") int32_t bot_rx(int32_t peek);

BOT_IMPORT("random") uint32_t bot_random();
BOT_IMPORT("restart") [[noreturn]] void bot_restart(int32_t reason);
BOT_IMPORT("panic") [[noreturn]] void bot_panic(const char* text, int32_t size);
BOT_IMPORT("info") int32_t bot_info(const char* key, int32_t key_size, char* out, int32_t capacity);

BOT_IMPORT("nvs_get")
int32_t bot_nvs_get(const char* space, int32_t space_size, const char* key, int32_t key_size, void* out,
                    int32_t capacity);
BOT_IMPORT("nvs_set")
int32_t bot_nvs_set(const char* space, int32_t space_size, const char* key, int32_t key_size, const void* value,
                    int32_t size);
BOT_IMPORT("nvs_del") int32_t bot_nvs_del(const char* space, int32_t space_size, const char* key, int32_t key_size);

BOT_IMPORT("wifi_begin")
void bot_wifi_begin(const char* ssid, int32_t ssid_size, const char* password, int32_t password_size);
BOT_IMPORT("wifi_end") void bot_wifi_end();
BOT_IMPORT("wifi_status") int32_t bot_wifi_status();
BOT_IMPORT("wifi_rssi") int32_t bot_wifi_rssi();
BOT_IMPORT("wifi_scan") int32_t bot_wifi_scan(char* out, int32_t capacity);

BOT_IMPORT("http_open")
int32_t bot_http_open(const char* request, int32_t request_size, const void* body, int32_t body_size,
                      int32_t timeout_ms);
BOT_IMPORT("http_status") int32_t bot_http_status(int32_t handle);
BOT_IMPORT("http_size") int32_t bot_http_size(int32_t handle);
BOT_IMPORT("http_header")
int32_t bot_http_header(int32_t handle, const char* name, int32_t name_size, char* out, int32_t capacity);
BOT_IMPORT("http_read") int32_t bot_http_read(int32_t handle, void* out, int32_t capacity);
BOT_IMPORT("http_close") void bot_http_close(int32_t handle);

BOT_IMPORT("ota_begin") int32_t bot_ota_begin(int32_t size);
BOT_IMPORT("ota_write") int32_t bot_ota_write(const void* bytes, int32_t size);
BOT_IMPORT("ota_end") int32_t bot_ota_end();
BOT_IMPORT("ota_abort") void bot_ota_abort();
BOT_IMPORT("ota_confirm") void bot_ota_confirm();
}

// Counts calls that only read the time or a pin; after many in a row without a pause the host may rest for a moment.
// Without this, a sketch that waits in `while (millis() < end)` would keep a processor core of its host busy.
void notePolling();

}  // namespace bot::host
