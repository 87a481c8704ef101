#pragma once

#error "The virtual bot cannot be a server; choose an ESP32 board for this sketch."
