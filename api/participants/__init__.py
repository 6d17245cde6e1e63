"""Participants: invited, enrolled by consent, withdrawn."""
