"""Runs one untrusted program: isolated, limited, and cleaned up afterwards."""
