"""A stand-in for Espressif's core, for tests only."""
