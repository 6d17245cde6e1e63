"""Durable jobs on dbos: enqueued by name and row id, run by a worker, resumed after a crash.

The domain row is the source of truth: a job finds its work there, and a sweep enqueues what a crash left.
"""

import contextlib
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import Engine
from sqlmodel import Session

from api.core import db
from api.core.config import Settings
from api.core.logging import log

if TYPE_CHECKING:
    from dbos import DBOSClient, Serializer

QUEUE = "daybook"
SWEEP_SECONDS = 20


class PickleRefused(Exception):
    """A job whose input is a pickle, which this service never writes."""


@dataclass(frozen=True)
class JobContext:
    """What a job is given: the settings, and the name under which it runs (the same again after a crash)."""

    settings: Settings
    job_id: str


Work = Callable[[JobContext, str], None]
Leftovers = Callable[[Session], Iterator[tuple[str, str, int]]]
Chore = Callable[[Engine, Settings], None]
_works: dict[str, Work] = {}
_queues: dict[str, str] = {}
_sweeps: list[Leftovers] = []
_chores: list[Chore] = []


def job(name: str, queue: str = QUEUE) -> Callable[[Work], Work]:
    """Register a function as the work of a job; it is given the id of the row it works on.

    A job on a queue of its own waits for no other: two long releases keep no reminder back.
    """

    def register(work: Work) -> Work:
        _works[name], _queues[name] = work, queue
        return work

    return register


def sweep(leftovers: Leftovers) -> Leftovers:
    """Register a function that yields (job, row id, attempt) for rows that still wait for their job."""
    _sweeps.append(leftovers)
    return leftovers


def chore(work: Chore) -> Chore:
    """Register short work that each turn of the sweep does itself; two workers may do it at the same time."""
    _chores.append(work)
    return work


class Jobs:
    """Puts jobs into the queue; `Worker` takes them out."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._lock = threading.Lock()
        self._client: DBOSClient | None = None
        self._engine: Engine | None = None

    def enqueue(self, name: str, row_id: str, attempt: int = 0) -> None:
        """Ask for a job; asking twice for the same attempt runs it once."""
        from dbos import DBOSClient  # noqa: PLC0415 - dbos takes a second to import: only who needs it pays

        with self._lock:
            if self._client is None:
                if not self._settings.is_sqlite:
                    self._engine = db.make_engine(self._settings, answering=True)
                self._client = DBOSClient(
                    system_database_url=queue_url(self._settings),
                    system_database_engine=self._engine,
                    serializer=_json(),
                    lazy=True,
                    retry_connection_errors=False,  # it would wait for ever, in the middle of a request
                )
            client = self._client
        client.enqueue(
            {
                "queue_name": _queues.get(name, QUEUE),
                "workflow_name": name,
                "workflow_id": f"{name}:{row_id}:{attempt}",
            },
            row_id,
        )

    def close(self) -> None:
        """Let the queue's connections go."""
        with self._lock:
            client, engine, self._client, self._engine = self._client, self._engine, None, None
        if client is not None:
            client.destroy()
        if engine is not None:
            engine.dispose()

    def enqueue_after(self, session: Session, name: str, row_id: str, attempt: int = 0) -> None:
        """Enqueue once the transaction that made the row is stored; if that fails, the sweep does it."""

        def try_now() -> None:
            try:
                self.enqueue(name, row_id, attempt)
            except Exception as error:  # noqa: BLE001 - the row is stored: the sweep will find it
                log().warning("job not enqueued", job=name, error=type(error).__name__)

        db.after_commit(session, try_now)


def queue_url(settings: Settings) -> str:
    """Return where the queue lives: a SQLite file beside the data, or the PostgreSQL database."""
    if settings.is_sqlite:
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        return f"sqlite:///{settings.data_dir / 'jobs.sqlite3'}"
    return settings.database


class Worker:
    """Runs jobs in this process until stopped."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._jobs = Jobs(settings)
        self._stopping = threading.Event()
        self._sweeper = threading.Thread(target=self._sweep_for_ever, name="sweep", daemon=True)

    def start(self) -> None:
        """Resume what this worker left, then take new jobs."""
        from dbos import DBOS  # noqa: PLC0415 - as above

        DBOS(
            config={
                "name": QUEUE,
                "system_database_url": queue_url(self._settings),
                "application_version": "1",
                "executor_id": self._settings.worker_id,
                "log_level": "WARNING",
                "enable_otlp": False,
                "serializer": _json(),
            }
        )
        for name, work in _works.items():
            _workflow(name, work, self._settings)
        DBOS.launch()
        for queue in {*_queues.values()}:
            DBOS.register_queue(queue, worker_concurrency=2 if queue == QUEUE else 1)
        self._sweeper.start()

    def stop(self) -> None:
        """Stop taking jobs; what is under way is resumed at the next start."""
        from dbos import DBOS  # noqa: PLC0415 - as above

        self._stopping.set()
        DBOS.destroy(destroy_registry=True)
        self._jobs.close()

    def _sweep_for_ever(self) -> None:
        engine = db.make_engine(self._settings)
        while not self._stopping.is_set():
            with contextlib.suppress(Exception):  # a database that is away is met again in a moment
                self.sweep_once(engine)
            self.do_chores(engine)
            self._stopping.wait(SWEEP_SECONDS)
        engine.dispose()

    def sweep_once(self, engine: Engine) -> int:
        """Enqueue every row that waits for a job; return how many there were."""
        with db.reading(engine) as session:
            waiting = [found for leftovers in _sweeps for found in leftovers(session)]
        for name, row_id, attempt in waiting:
            self._jobs.enqueue(name, row_id, attempt)
        return len(waiting)

    def do_chores(self, engine: Engine) -> None:
        """Do every chore; one that fails is logged, keeps none of the others, and has its next turn soon."""
        for work in _chores:
            try:
                work(engine, self._settings)
            except Exception as error:  # noqa: BLE001 - a database that is away is met again in a moment
                log().warning("chore failed", job=work.__name__, error=type(error).__name__)


def _json() -> "Serializer":
    """Return what writes a job's input and result; the library's own pickles are opened no more, whoever wrote them."""
    from dbos import DBOSPortableJSONSerializer, _serialization  # noqa: PLC0415 - as above

    def refuse(_: object, _pickled: str) -> None:
        raise PickleRefused

    # A row says itself how it is to be read: without this, whoever may write one could run code in the worker.
    _serialization.DefaultSerializer.deserialize = refuse  # type: ignore[assignment,method-assign] # there is no setting for it
    return DBOSPortableJSONSerializer()


def _workflow(name: str, work: Work, settings: Settings) -> None:
    from dbos import DBOS  # noqa: PLC0415 - as above

    def run(row_id: str) -> None:
        work(JobContext(settings, DBOS.workflow_id or row_id), row_id)

    DBOS.workflow(name=name)(run)
