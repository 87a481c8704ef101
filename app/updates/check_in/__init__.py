"""Check-ins: one call reports the bot's state and returns what it should do."""
