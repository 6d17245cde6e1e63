"""Spaces what a process may do only so often in a minute."""

import threading
import time
from collections.abc import Callable


class Pace:
    """Lets callers through evenly, so many in a minute; each waits for its turn, whichever thread it is in."""

    def __init__(
        self,
        per_minute: int,
        now: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._gap = 60 / per_minute
        self._now, self._sleep = now, sleep
        self._lock = threading.Lock()
        self._next = now()

    def wait(self) -> None:
        """Return when it is this caller's turn."""
        with self._lock:
            now = self._now()
            turn = max(self._next, now)  # what was not used is not saved up: no burst follows a quiet hour
            self._next = turn + self._gap
        if turn > now:
            self._sleep(turn - now)
