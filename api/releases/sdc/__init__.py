"""Statistical disclosure control: pure functions, no database and no HTTP."""
