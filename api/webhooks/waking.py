"""Asks for a source's deliveries to be processed soon after they came, once for many of them."""

import asyncio
from contextlib import suppress
from uuid import UUID

import anyio.to_thread

from api.core import clock
from api.core.jobs import Jobs
from api.core.logging import log

JOB = "inbox.process"
SOON = 0.5  # seconds in which what comes shares one job


class Waker:
    """Enqueues a job per source; if that fails, the sweep does it."""

    def __init__(self, jobs: Jobs) -> None:
        self._jobs = jobs
        self._waiting: set[UUID] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._closing = asyncio.Event()

    def wake(self, source_id: UUID) -> None:
        """Ask for a source's deliveries to be processed; what is asked for already covers this."""
        if source_id not in self._waiting:
            self._waiting.add(source_id)
            task = asyncio.get_running_loop().create_task(self._soon(source_id))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        """Ask for nothing more; what waits is found by the sweep."""
        self._closing.set()
        await asyncio.gather(*self._tasks)  # not cancelled: a thread would go on by itself

    async def _soon(self, source_id: UUID) -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(self._closing.wait(), SOON)
            return
        self._waiting.discard(source_id)  # what comes from here on asks anew
        number = clock.microseconds(clock.now())
        try:
            await anyio.to_thread.run_sync(self._jobs.enqueue, JOB, str(source_id), number)
        except Exception as error:  # noqa: BLE001 - the rows are stored: the sweep will find them
            log().warning("job not enqueued", job=JOB, error=type(error).__name__)
