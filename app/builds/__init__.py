"""Builds: from a revision to firmware."""
