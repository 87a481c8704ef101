"""The worker process: the jobs of the queue, and the upkeep of their rows."""
