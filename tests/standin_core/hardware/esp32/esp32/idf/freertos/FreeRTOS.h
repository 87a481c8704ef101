// STAND-IN: declarations of ESP-IDF 5.1 that AirsketchBot uses, so that its types are checked. No code.
#pragma once

#include <stdint.h>

// A sketch has the names of tasks from the virtual board's Arduino.h already.
#ifndef AIRSKETCH_NO_TASKS
typedef uint32_t TickType_t;
typedef int BaseType_t;
typedef unsigned int UBaseType_t;
typedef void* TaskHandle_t;
typedef void (*TaskFunction_t)(void*);
#define portTICK_PERIOD_MS ((TickType_t)1)
#define portMAX_DELAY ((TickType_t)0xffffffffUL)
#define pdPASS ((BaseType_t)1)
#define tskNO_AFFINITY ((BaseType_t)0x7FFFFFFF)

typedef struct {
  uint32_t owner;
  uint32_t count;
} portMUX_TYPE;
#define portMUX_INITIALIZER_UNLOCKED {0xB33FFFFF, 0}
extern "C" {
void vPortEnterCritical(portMUX_TYPE* mux);
void vPortExitCritical(portMUX_TYPE* mux);
}
#define portENTER_CRITICAL(mux) vPortEnterCritical(mux)
#define portEXIT_CRITICAL(mux) vPortExitCritical(mux)
#endif
