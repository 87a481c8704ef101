"""The dialects that bots speak, each a thin translation to the services."""
