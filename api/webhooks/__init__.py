"""Survey tools post entries: an inbox that loses nothing and believes nobody."""
