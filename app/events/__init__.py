"""Events for pages: their names, how they are published, and how many are sent at once."""
