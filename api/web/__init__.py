"""The phone client's files, served as one build."""
