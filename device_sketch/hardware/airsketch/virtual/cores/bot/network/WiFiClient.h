#pragma once

#include "network/NetworkClient.h"
