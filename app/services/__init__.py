"""Use cases. Each function is one transaction and publishes after its commit."""
