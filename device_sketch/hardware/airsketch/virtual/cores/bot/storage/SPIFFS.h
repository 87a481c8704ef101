#pragma once

#error "The virtual bot has no SPIFFS; use LittleFS, which has the same functions."
