// The keys of the agent's store (NVS namespace "airsketch", all values are texts). They are permanent: bots in the
// field hold them. The README of this library explains each.
#pragma once

namespace airsketch {
namespace keys {

// Written by the first flash; tests/contract ties them to the server. The agent rewrites some of them later.
constexpr const char* kProductId = "product_id";
constexpr const char* kDeviceKey = "device_key";
constexpr const char* kServer = "server";
constexpr const char* kCa = "ca";
constexpr const char* kSsid = "ssid";
constexpr const char* kPassword = "pass";
constexpr const char* kWifi = "wifi";
constexpr const char* kTriggerPin = "trig_pin";
constexpr const char* kTriggerHigh = "trig_high";
constexpr const char* kLedPin = "led_pin";
constexpr const char* kLedLow = "led_low";
constexpr const char* kVerbose = "say";
constexpr const char* kLog = "log";

// Written by the agent alone.
constexpr const char* kPreviousKey = "old_key";
constexpr const char* kPreviousWifi = "wifi_old";
constexpr const char* kBoots = "boots";
constexpr const char* kTrial = "trial";
constexpr const char* kRolledBack = "bad";
constexpr const char* kBootRecord = "boot_record";

}  // namespace keys
}  // namespace airsketch
