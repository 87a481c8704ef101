#pragma once

#error "The virtual bot cannot be a web server; choose an ESP32 board for this sketch."
