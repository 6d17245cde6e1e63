"""Works on the next pages while one is taken: the columns' library lets Python go on meanwhile."""

from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import TypeVar

Page = TypeVar("Page")
Done = TypeVar("Done")
AT_ONCE = 2
"""How many are worked on at a time; memory holds one more."""
PATIENCE = 1.0
"""Seconds between two signs of life of who waits."""


def ahead(work: Callable[[Page], Done], pages: Iterator[Page]) -> Iterator[tuple[Page, Done]]:
    """Yield each page and what work made of it, in their order; pages are read by whoever asks."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        waiting: deque[tuple[Page, Future[Done]]] = deque()
        for page in pages:
            waiting.append((page, pool.submit(work, page)))
            if len(waiting) > AT_ONCE:
                first, done = waiting.popleft()
                yield first, done.result()
        for first, done in waiting:
            yield first, done.result()


def awaited(future: Future[Done], alive: Callable[[], None]) -> Done:
    """Return what a future comes to, giving a sign of life every second until then."""
    while not wait([future], PATIENCE).done:
        alive()
    return future.result()
