"""Keeps the programs of one Airsketch running: web, worker, scheduler, Redis."""
