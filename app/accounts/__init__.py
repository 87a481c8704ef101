"""Accounts: who logs in."""
