#pragma once

#include "network/NetworkClientSecure.h"
