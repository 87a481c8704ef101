// STAND-IN: declarations of ESP-IDF 5.1 that AirsketchBot uses, so that its types are checked. No code.
#pragma once

#include "FreeRTOS.h"

#ifndef AIRSKETCH_NO_TASKS
extern "C" {
BaseType_t xTaskCreatePinnedToCore(TaskFunction_t pxTaskCode, const char* pcName, uint32_t ulStackDepth,
                                   void* pvParameters, UBaseType_t uxPriority, TaskHandle_t* pvCreatedTask,
                                   BaseType_t xCoreID);
void vTaskDelay(TickType_t xTicksToDelay);
void vTaskDelete(TaskHandle_t xTaskToDelete);
}
#endif
