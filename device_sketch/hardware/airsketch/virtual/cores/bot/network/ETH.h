#pragma once

#error "The virtual bot has no Ethernet; choose an ESP32 board for this sketch."
