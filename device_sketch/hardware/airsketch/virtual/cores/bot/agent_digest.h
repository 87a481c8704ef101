// Changes with every change of the agent (SHA-256 over its headers; a test compares), so that arduino-cli sees that a
// cached core is older than the agent it carries.
// ac4cc0a11b88dc8e00f193cc00347200366ce393564b4e7534e4138c28ac005a
#pragma once
