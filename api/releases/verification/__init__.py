"""Verifies a release from its written files alone, with no code of what made them."""
