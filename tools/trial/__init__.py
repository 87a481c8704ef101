"""A whole Airsketch with throw-away data, and a browser, for tests, benchmarks and screenshots."""
