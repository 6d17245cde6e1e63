"""A leader's whole way through the phone client, in a real browser against the real service."""
