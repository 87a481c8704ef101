#pragma once

#error "The virtual bot has no Bluetooth; choose an ESP32 board for this sketch."
