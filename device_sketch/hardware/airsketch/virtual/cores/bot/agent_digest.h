// Changes with every change of the agent (SHA-256 over its headers; a test compares), so that arduino-cli sees that a
// cached core is older than the agent it carries.
// 50c285a7e3ed1fc7fbabadc9c5aaef677df3093e964cd0ce6a799fad606ea677
#pragma once
