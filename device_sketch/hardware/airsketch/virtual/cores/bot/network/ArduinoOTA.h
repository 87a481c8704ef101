#pragma once

#error "The virtual bot cannot be a server, as ArduinoOTA asks; updates come by the agent in every build."
