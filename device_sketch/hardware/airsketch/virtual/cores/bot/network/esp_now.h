#pragma once

#error "The virtual bot has no ESP-NOW; choose an ESP32 board for this sketch."
