// Confirms the running image, so that it is not rolled back.
#pragma once

#include "esp_system.h"

#ifdef __cplusplus
extern "C" {
#endif
esp_err_t esp_ota_mark_app_valid_cancel_rollback(void);
#ifdef __cplusplus
}
#endif
