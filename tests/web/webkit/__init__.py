"""The phone client in WebKit, the engine of every iPhone: optional, and no part of continuous integration."""
