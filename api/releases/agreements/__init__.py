"""Agreements: to whom, for what and until when safeguarded releases are given."""
