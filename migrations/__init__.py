"""The database, step by step; README.md has the safety rules."""
