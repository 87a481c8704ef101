"""Devices that run in their owner's browser."""
