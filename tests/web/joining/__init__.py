"""Joining, leaving, and everything around a leader's account, on a phone."""
