"""Rules as plain functions and values: standard library only, no I/O, no clock, no globals."""
