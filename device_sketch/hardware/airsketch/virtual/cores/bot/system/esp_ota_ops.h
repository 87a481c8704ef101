// Keeping the running image for good.
#pragma once

#include "esp_system.h"

#ifdef __cplusplus
extern "C" {
#endif
esp_err_t esp_ota_mark_app_valid_cancel_rollback(void);
#ifdef __cplusplus
}
#endif
