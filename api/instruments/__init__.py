"""Instruments: drafted, published for ever, retired."""
