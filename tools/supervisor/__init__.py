"""Keeps the programs of one Airsketch running: web, workers, Redis."""
