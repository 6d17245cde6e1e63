"""Looks for garbage seldom: going over all that a suite has loaded, again and again, was a fifth of its time."""

import gc

SELDOM = 50_000
"""New objects until the youngest are looked at; Python's own is 700."""


def seldom() -> None:
    """Leave out what was there before the first test, and look at the rest less often."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(SELDOM, 20, 20)
