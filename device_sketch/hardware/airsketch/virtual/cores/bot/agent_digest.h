// Changes with every change of the agent (SHA-256 over its headers; a test compares), so that arduino-cli sees that a
// cached core is older than the agent it carries.
// c75f4581ddf1f9409076e5c7ad9370d905037365b49f57bfa007161a05e8c95c
#pragma once
