"""A small client that behaves like a bot: protocol v1 over real HTTP, with faults on demand."""
