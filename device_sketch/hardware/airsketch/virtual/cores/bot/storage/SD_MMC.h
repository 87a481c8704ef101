#pragma once

#error "The virtual bot has no SD card; use LittleFS, or choose an ESP32 board for this sketch."
