"""Devices: identity, keys, ownership and what they report of themselves."""
