"""The scheduler process: what happens by itself, at its time, once for the whole server."""
