"""Check-ins: one call of a bot reports everything and is told everything."""
