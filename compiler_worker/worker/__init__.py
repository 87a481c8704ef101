"""The worker process: jobs of the queue, and what keeps their rows honest."""
