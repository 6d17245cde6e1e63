"""Works on the next pages while one is taken: the columns' library lets Python go on meanwhile."""

from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import TypeVar

Page = TypeVar("Page")
Done = TypeVar("Done")
AT_ONCE = 2
"""How many are worked on at a time, and at most wait to be taken."""
PATIENCE = 1.0
"""Seconds between two signs of life of who waits."""


def ahead(work: Callable[[Page], Done], pages: Iterator[Page]) -> Iterator[Done]:
    """Yield what work made of each page, in their order; pages are read by whoever asks, and not kept."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        waiting: deque[Future[Done]] = deque()
        for page in pages:
            waiting.append(pool.submit(work, page))
            del page
            if len(waiting) > AT_ONCE:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def awaited(future: Future[Done], alive: Callable[[], None]) -> Done:
    """Return what a future comes to, giving a sign of life every second until then."""
    while not wait([future], PATIENCE).done:
        alive()
    return future.result()
