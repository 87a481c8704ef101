"""The first flash over USB."""
