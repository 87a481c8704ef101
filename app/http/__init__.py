"""The HTTP surfaces: the page API, the pages and the device dialects."""
