// The agent for ESP32 on this machine, with as much of ESP-IDF around it as its start needs. Prints what its wireless
// log heard of the calls that `HardwareSerial` makes. Linked with and without `--wrap=uart_write_bytes`.
#include <stdio.h>

#include <map>
#include <string>

#include "Agent.h"

// Of core.cpp: what the core's HardwareSerial does.
void printOnPort(int port, const char* text);
extern std::string written[3];

namespace {

std::map<std::string, std::string> stored{
    {"product_id", "bot_001"}, {"server", "http://server"}, {"device_key", std::string(64, '0')}, {"trig_pin", "none"}};

}  // namespace

extern "C" {

esp_reset_reason_t esp_reset_reason(void) {
  return ESP_RST_POWERON;
}
int64_t esp_timer_get_time(void) {
  return 0;
}
esp_err_t nvs_open(const char*, nvs_open_mode_t, nvs_handle_t*) {
  return ESP_OK;
}
esp_err_t nvs_get_str(nvs_handle_t, const char* key, char* out, size_t* size) {
  if (!stored.count(key)) return -1;
  *size = stored[key].size() + 1;
  memcpy(out, stored[key].c_str(), *size);
  return ESP_OK;
}
esp_err_t nvs_set_str(nvs_handle_t, const char* key, const char* text) {
  stored[key] = text;
  return ESP_OK;
}
esp_err_t nvs_commit(nvs_handle_t) {
  return ESP_OK;
}
void nvs_close(nvs_handle_t) {}
const esp_partition_t* esp_ota_get_last_invalid_partition(void) {
  return nullptr;
}
void vPortEnterCritical(portMUX_TYPE*) {}
void vPortExitCritical(portMUX_TYPE*) {}
}

int main(int count, char** arguments) {
  if (count > 1) stored["log"] = arguments[1];
  printOnPort(0, "before the start\n");
  airsketch::agent().session.start();
  printOnPort(0, "hello ");
  printOnPort(0, "world\n");
  printOnPort(1, "to a sensor\n");
  printOnPort(0, (std::string(150, 'x') + "\n").c_str());
  char line[airsketch::LogRing::kMaxLineBytes + 1];
  while (airsketch::agent().session.ring().take(line)) printf("heard %s\n", line);
  for (int port = 0; port < 2; port++) printf("written %d %zu\n", port, written[port].size());
  return 0;
}
