"""Who did what, when, to whom: append-only."""
