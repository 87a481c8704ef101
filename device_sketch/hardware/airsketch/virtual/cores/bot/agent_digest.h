// Changes with every change of the agent (SHA-256 over its headers; a test compares), so that arduino-cli sees that a
// cached core is older than the agent it carries.
// 1c553ce4b45e52fb64379f767e44e5b9d2e39ffce03b7cbea459c250d57b50a6
#pragma once
