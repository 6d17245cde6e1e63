"""The disclosure-risk report of a release: in full for its team, banded for its recipients."""
