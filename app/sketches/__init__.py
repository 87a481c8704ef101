"""Sketches: sources, their revisions, and how they get in and out."""
