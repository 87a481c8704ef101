"""Boards and cores that the compile workers offer."""
