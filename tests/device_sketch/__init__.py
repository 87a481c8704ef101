"""Tests of the Arduino side, with the real compilers."""
