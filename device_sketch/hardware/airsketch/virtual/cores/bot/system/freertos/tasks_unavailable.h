// FreeRTOS on the virtual bot: delays work; creating a task is a clear error from the compiler.
#pragma once

#include <stdint.h>

typedef uint32_t TickType_t;
typedef int BaseType_t;
typedef unsigned int UBaseType_t;
typedef void* TaskHandle_t;
typedef void (*TaskFunction_t)(void*);

#define portTICK_PERIOD_MS 1
#define configTICK_RATE_HZ 1000
#define pdMS_TO_TICKS(duration_ms) (static_cast<TickType_t>(duration_ms))
#define pdTRUE 1
#define pdFALSE 0
#define pdPASS 1
#define portMAX_DELAY 0xffffffffu

#define AIRSKETCH_NO_TASKS \
  __attribute__((          \
      unavailable("the virtual bot runs one program and has no tasks; choose an ESP32 board for this sketch")))

extern "C" {
BaseType_t xTaskCreate(TaskFunction_t task, const char* name, uint32_t stackBytes, void* argument, UBaseType_t priority,
                       TaskHandle_t* handle) AIRSKETCH_NO_TASKS;
BaseType_t xTaskCreatePinnedToCore(TaskFunction_t task, const char* name, uint32_t stackBytes, void* argument,
                                   UBaseType_t priority, TaskHandle_t* handle, BaseType_t core) AIRSKETCH_NO_TASKS;
void vTaskDelete(TaskHandle_t handle) AIRSKETCH_NO_TASKS;
}

inline void vTaskDelay(TickType_t ticks) {
  delay(ticks);
}
inline TickType_t xTaskGetTickCount() {
  return millis();
}
inline BaseType_t xPortGetCoreID() {
  return 0;
}
