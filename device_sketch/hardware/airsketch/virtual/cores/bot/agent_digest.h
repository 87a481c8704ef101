// Changes with every change of the agent (SHA-256 over its headers; a test compares), so that arduino-cli sees that a
// cached core is older than the agent it carries.
// e256d7c3b61030d57495775c26ab51b0c1f420862d8b73cf36c98b2945ec8150
#pragma once
