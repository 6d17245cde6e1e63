"""The `daybook` command: one file per sub-command."""
