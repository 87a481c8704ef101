"""arduino-cli and what it knows: boards, cores, libraries, caches."""
