"""The phone client, in a real browser."""
