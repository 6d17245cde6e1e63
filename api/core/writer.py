"""One writer per process: concurrent operations are grouped into one transaction and one commit.

Callers await their own result; it is given only after the commit.
"""

import asyncio
import contextlib
import queue
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import islice
from typing import Any, Generic, TypeVar

from sqlalchemy import Connection, Engine

from api.core.database_problem import database_problem
from api.core.logging import log, where
from api.core.problems import Problem, Unavailable, Unexpected

Operation = TypeVar("Operation")
Outcome = TypeVar("Outcome")
Apply = Callable[[Connection, Sequence[Operation]], Sequence[Outcome | Problem]]
_Job = tuple[list[Operation], asyncio.Future[Sequence[Outcome | Problem]], asyncio.AbstractEventLoop]
_Answer = tuple[asyncio.Future[Sequence[Outcome | Problem]], Sequence[Outcome | Problem]]

MOST_OPERATIONS = 256
MOST_WAITING = 2_000


def together(appliers: Mapping[type, Apply[Any, Any]]) -> Apply[Any, Any]:
    """Return what applies operations of several kinds in one transaction, each kind by its own feature."""

    def apply(connection: Connection, operations: Sequence[Any]) -> Sequence[Any]:
        kinds: dict[Apply[Any, Any], list[int]] = {}
        for place, operation in enumerate(operations):
            kinds.setdefault(appliers[type(operation)], []).append(place)
        outcomes: list[Any] = [None] * len(operations)
        for applier, places in kinds.items():
            made = applier(connection, [operations[place] for place in places])
            for place, outcome in zip(places, made, strict=True):
                outcomes[place] = outcome
        return outcomes

    return apply


class MissingOutcome(Exception):
    """Not every operation of a batch was given its outcome."""


class Writer(Generic[Operation, Outcome]):
    """Applies operations in the order in which they came, many to a commit."""

    def __init__(
        self, engine: Engine, apply: Apply[Operation, Outcome], observe: Callable[[int], None]
    ) -> None:
        self._engine = engine
        self._apply = apply
        self._observe = observe
        self._waiting: queue.Queue[_Job[Operation, Outcome] | None] = queue.Queue(MOST_WAITING)
        self._arrived = threading.Event()
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
        self._arrived.set()
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
        loop.call_soon(self._arrived.set)  # not at once: requests that came together share a commit
        return await future

    def _run(self) -> None:
        ending = False
        while not ending:
            self._arrived.wait()
            self._arrived.clear()  # before looking: what comes from here on sets it again
            while not (ending or self._waiting.empty()):
                jobs, ending = self._take()
                if jobs:
                    self._settle(jobs)

    def _take(self) -> tuple[list[_Job[Operation, Outcome]], bool]:
        """Take a batch out of the queue, which nobody else does; say whether it is the last."""
        jobs: list[_Job[Operation, Outcome]] = []
        size = 0
        while size < MOST_OPERATIONS and not self._waiting.empty():
            job = self._waiting.get_nowait()
            if job is None:
                return jobs, True
            jobs.append(job)
            size += len(job[0])
        return jobs, False

    def _settle(self, jobs: list[_Job[Operation, Outcome]]) -> None:
        operations = [operation for job in jobs for operation in job[0]]
        try:
            self._observe(len(operations))
            outcomes = iter(self._outcomes(operations))
        except BaseException as fault:  # noqa: BLE001 - the last fence: nobody waits for ever, and the thread lives on
            _log("writer failed", fault, len(operations))
            outcomes = iter(
                [Unavailable()] * len(operations)
            )  # what became of them is unknown: they are repeated
        answers: dict[asyncio.AbstractEventLoop, list[_Answer[Outcome]]] = {}
        for waiting, future, loop in jobs:
            answers.setdefault(loop, []).append((future, list(islice(outcomes, len(waiting)))))
        for loop, several in answers.items():  # one awakening for a whole batch
            with contextlib.suppress(RuntimeError):  # a loop that has ended: nobody waits for these answers
                loop.call_soon_threadsafe(_answer, several)

    def _outcomes(self, operations: list[Operation]) -> list[Outcome | Problem]:
        try:
            return self._commit(operations)
        except BaseException as error:  # noqa: BLE001 - a library in Rust panics outside of Exception
            return self._one_by_one(operations, error)

    def _commit(self, operations: list[Operation]) -> list[Outcome | Problem]:
        with self._engine.begin() as connection:
            outcomes = list(self._apply(connection, operations))
            if len(outcomes) != len(operations):  # nobody may get the receipt of another
                raise MissingOutcome
            return outcomes

    def _one_by_one(self, operations: list[Operation], error: BaseException) -> list[Outcome | Problem]:
        """Find the one operation that spoils a batch; a database that is away spoils them all."""
        _log("batch failed", error, len(operations))
        problem = _problem(error)
        if isinstance(problem, Unavailable) and not isinstance(error, Problem):
            return [problem] * len(operations)
        outcomes: list[Outcome | Problem] = []
        for operation in operations:  # even one alone: another process may have been first
            try:
                outcomes += self._commit([operation])
            except BaseException as again:  # noqa: BLE001 - as above
                outcomes.append(_problem(again))
        return outcomes


def _problem(error: BaseException) -> Problem:
    """Return what a caller hears of an error, whatever it is."""
    try:
        return database_problem(error) if isinstance(error, Exception) else Unexpected()
    except Exception:  # noqa: BLE001 - an error that cannot even be looked at
        return Unexpected()


def _log(what: str, error: BaseException, count: int) -> None:
    with contextlib.suppress(Exception):  # a line that cannot be written costs nobody an answer
        log().error(what, error=type(error).__name__, where=where(error), count=count)


def _answer(answers: Iterable[_Answer[Outcome]]) -> None:
    for future, outcomes in answers:
        if not future.done():
            future.set_result(outcomes)
