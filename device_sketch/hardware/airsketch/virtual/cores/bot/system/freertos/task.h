// FreeRTOS as far as the virtual bot has it: see tasks_unavailable.h.
#pragma once

#include "Arduino.h"
