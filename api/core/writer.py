"""One writer per process: concurrent operations are grouped into one transaction and one commit.

Callers await their own result; it is given only after the commit.
"""

import asyncio
import contextlib
import queue
import threading
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from sqlalchemy import Connection, Engine

from api.core.database_problem import database_problem
from api.core.logging import log, where
from api.core.problems import Problem, Unavailable

Operation = TypeVar("Operation")
Outcome = TypeVar("Outcome")
Apply = Callable[[Connection, Sequence[Operation]], Sequence[Outcome | Problem]]
_Job = tuple[list[Operation], asyncio.Future[Sequence[Outcome | Problem]], asyncio.AbstractEventLoop]

MOST_OPERATIONS = 256
MOST_WAITING = 2_000


class Writer(Generic[Operation, Outcome]):
    """Applies operations in the order in which they came, many to a commit."""

    def __init__(
        self, engine: Engine, apply: Apply[Operation, Outcome], observe: Callable[[int], None]
    ) -> None:
        self._engine = engine
        self._apply = apply
        self._observe = observe
        self._waiting: queue.Queue[_Job[Operation, Outcome] | None] = queue.Queue(MOST_WAITING)
        self._closed = False
        self._closing = threading.Lock()
        self._thread = threading.Thread(target=self._run, name="writer", daemon=True)

    def start(self) -> None:
        """Start the writer's thread."""
        self._thread.start()

    def stop(self) -> None:
        """Take nothing more, finish what waits, then end the thread."""
        with self._closing:  # whoever was let in stands before the None, and so is answered
            self._closed = True
        self._waiting.put(None)
        self._thread.join(timeout=10)

    async def submit(self, operations: list[Operation]) -> Sequence[Outcome | Problem]:
        """Return one outcome per operation, once they are committed."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Sequence[Outcome | Problem]] = loop.create_future()
        with self._closing:
            if self._closed:
                raise Unavailable
            try:
                self._waiting.put_nowait((operations, future, loop))
            except queue.Full:
                raise Unavailable from None
        return await future

    def _run(self) -> None:
        ending = False
        while not ending:
            jobs: list[_Job[Operation, Outcome]] = []
            size = 0
            job = self._waiting.get()
            while job is not None:
                jobs.append(job)
                size += len(job[0])
                if size >= MOST_OPERATIONS:
                    break
                try:
                    job = self._waiting.get_nowait()
                except queue.Empty:
                    break
            ending = job is None
            if jobs:
                self._observe(size)
                self._settle(jobs)

    def _settle(self, jobs: list[_Job[Operation, Outcome]]) -> None:
        operations = [operation for job in jobs for operation in job[0]]
        try:
            outcomes = self._commit(operations)
        except Exception as error:  # noqa: BLE001 - the thread must outlive any one batch
            outcomes = self._one_by_one(jobs, error)
        at = 0
        for waiting, future, loop in jobs:
            mine = outcomes[at : at + len(waiting)]
            at += len(waiting)
            with contextlib.suppress(RuntimeError):  # a loop that has ended: nobody waits for this answer
                loop.call_soon_threadsafe(_answer, future, mine)

    def _commit(self, operations: list[Operation]) -> list[Outcome | Problem]:
        with self._engine.begin() as connection:
            return list(self._apply(connection, operations))

    def _one_by_one(self, jobs: list[_Job[Operation, Outcome]], error: Exception) -> list[Outcome | Problem]:
        """Find the one operation that spoils a batch; a database that is away spoils them all."""
        problem = database_problem(error)
        log().error("batch failed", error=type(error).__name__, where=where(error), count=len(jobs))
        operations = [operation for job in jobs for operation in job[0]]
        if isinstance(problem, Unavailable):
            return [problem] * len(operations)
        outcomes: list[Outcome | Problem] = []
        for operation in operations:  # even one alone: another process may have been first
            try:
                outcomes += self._commit([operation])
            except Exception as again:  # noqa: BLE001 - as above
                outcomes.append(database_problem(again))
        return outcomes


def _answer(
    future: asyncio.Future[Sequence[Outcome | Problem]], outcomes: Sequence[Outcome | Problem]
) -> None:
    if not future.done():
        future.set_result(outcomes)
