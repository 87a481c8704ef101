#pragma once

#error "The virtual bot has no UDP; choose an ESP32 board for this sketch."
