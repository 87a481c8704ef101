"""The scheduler process: periodic jobs, run once for the whole server."""
