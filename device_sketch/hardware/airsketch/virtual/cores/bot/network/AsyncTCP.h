#pragma once

#error "The virtual bot has no raw TCP; choose an ESP32 board for this sketch."
