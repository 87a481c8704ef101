"""Runs one untrusted program: isolated, limited, and nothing of it left behind."""
