"""The contract: everything that crosses the wire; imports nothing of the API."""
