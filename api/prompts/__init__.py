"""Prompts: planned occasions to make an entry, answered or missed."""
