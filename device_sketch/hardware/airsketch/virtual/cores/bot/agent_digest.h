// Changes with every change of the agent (SHA-256 over its headers; a test compares), so that arduino-cli sees that a
// cached core is older than the agent it carries.
// f966bb9237739f1372df82116c0de04d09406d4680033b5b461096fb0a4f840c
#pragma once
