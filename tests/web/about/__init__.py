"""What the phone client tells a leader: insights, settings, help and the accessibility statement."""
