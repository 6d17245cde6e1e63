"""A sign of life that costs nothing to give often."""

import time
from collections.abc import Callable

Beat = Callable[[int], None]
"""Says that a release is still being made, and how many entries were read."""
EVERY = 1.0
"""Seconds between two beats that are told."""


def now_and_then(beat: Beat) -> Beat:
    """Return what may be called as often as one likes, and beats once in a while."""
    last = time.monotonic()

    def beaten(progress: int) -> None:
        nonlocal last
        if time.monotonic() - last >= EVERY:
            beat(progress)
            last = time.monotonic()

    return beaten
