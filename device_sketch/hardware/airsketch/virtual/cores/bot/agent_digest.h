// Changes with every change of the agent (SHA-256 over its headers; a test compares), so that arduino-cli sees that a
// cached core is older than the agent it carries.
// 0789a6489c3b9063f7180ff024006fdc6e1da4bb6551137c38d5e8a46d709158
#pragma once
