"""Brings studies in from other tools, through the services that phones use."""
