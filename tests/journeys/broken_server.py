"""A server that is broken on purpose: it acknowledges before it commits. The crash test must catch it."""

import time
from typing import Any

from api import main
from api.core.writer import Writer
from scripts.cli import serve as real

LATE = 0.1


class EarlyWriter(Writer[Any, Any]):
    """Answers first and commits a little later."""

    def _settle(self, jobs: list[Any]) -> None:
        with self._engine.begin() as connection:
            outcomes = list(self._apply(connection, [one for job in jobs for one in job[0]]))
            for operations, future, loop in jobs:
                mine, outcomes = outcomes[: len(operations)], outcomes[len(operations) :]
                loop.call_soon_threadsafe(future.set_result, mine)
            time.sleep(LATE)


def serve(host: str, port: int) -> None:
    """Serve the real application with the broken writer."""
    vars(main)["Writer"] = EarlyWriter  # the one thing that is broken
    real.serve(host=host, port=port)
