"""The diary: entries, their revisions, and what was deleted."""
