"""The Daybook service: one folder per feature, `core` below them all."""
