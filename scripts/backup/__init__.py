"""Backup and restore: one encrypted file out, one verified switch back."""
