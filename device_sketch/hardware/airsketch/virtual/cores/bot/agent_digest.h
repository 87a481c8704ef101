// The SHA-256 of the agent's headers, kept up to date by a test. arduino-cli compiles a cached core again only when a
// file of the core changes, so this file changes with every change of the agent.
// 6a470251c0e206958a53bd7b640f44b1c26ad03923852decc0f0a64a08591cd4
#pragma once
