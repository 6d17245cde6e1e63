"""Asks for a source's deliveries to be processed soon after they came, once for many of them."""

import asyncio
from uuid import UUID

import anyio.to_thread

from api.core import clock
from api.core.jobs import Jobs
from api.core.logging import log

JOB = "inbox.process"
SOON = 0.2  # seconds in which what comes shares one job


class Waker:
    """Enqueues a job per source; if that fails, the sweep does it."""

    def __init__(self, jobs: Jobs) -> None:
        self._jobs = jobs
        self._waiting: dict[UUID, asyncio.Task[None]] = {}

    def wake(self, source_id: UUID) -> None:
        """Ask for a source's deliveries to be processed; what is asked for already covers this."""
        if source_id not in self._waiting:
            self._waiting[source_id] = asyncio.get_running_loop().create_task(self._soon(source_id))

    async def close(self) -> None:
        """Ask for nothing more; what waits is found by the sweep."""
        for task in [*self._waiting.values()]:
            task.cancel()
        await asyncio.gather(*self._waiting.values(), return_exceptions=True)

    async def _soon(self, source_id: UUID) -> None:
        try:
            await asyncio.sleep(SOON)
        finally:
            del self._waiting[source_id]  # what comes from here on asks anew
        number = clock.microseconds(clock.now())
        try:
            await anyio.to_thread.run_sync(self._jobs.enqueue, JOB, str(source_id), number)
        except Exception as error:  # noqa: BLE001 - the rows are stored: the sweep will find them
            log().warning("job not enqueued", job=JOB, error=type(error).__name__)
