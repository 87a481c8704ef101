// The part of FreeRTOS that the virtual bot supports: see tasks_unavailable.h.
#pragma once

#include "Arduino.h"
