"""Connections to PostgreSQL, and how long they wait for a database that says nothing.

Time-outs of the server or of TCP do not end every wait: what stands between may swallow bytes and keep the line up.
"""

import math
import select
import time
from functools import partial
from typing import Any

import psycopg
from psycopg.abc import RV, PQGen
from psycopg.pq import TransactionStatus
from sqlalchemy import URL, Engine, create_engine, event
from sqlalchemy.exc import InvalidatePoolError

_SAFE = "-c timezone=UTC -c synchronous_commit=on"
_PATIENT = "-c statement_timeout=30000 -c lock_timeout=5000 -c idle_in_transaction_session_timeout=60000"
_BREATH = 0.5
_FRESH = 1.0  # seconds for which a connection that was in order is in order, unless it says otherwise


class ImpatientConnection(psycopg.Connection[Any]):
    """A connection that closes itself when an answer, or a whole transaction, takes too long."""

    silence = math.inf
    until = math.inf
    used = -math.inf

    def is_alive(self) -> bool:
        """Say whether this connection can be used: without a question to the server if it answered a moment ago."""
        if time.monotonic() - self.used < _FRESH and self._is_quiet():
            return True
        try:
            self.autocommit = True
            self.execute("SELECT 1")
            self.autocommit = False
        except psycopg.Error:
            return False
        return True

    def _is_quiet(self) -> bool:
        """Say whether nothing waits to be read: a server that goes, or that closed the connection, says so."""
        line = select.poll()
        line.register(self.fileno(), select.POLLIN)
        return not self.closed and not line.poll(0)

    def wait(self, gen: PQGen[RV], interval: float = 0.1, timeout: float | None = None) -> RV:
        """Wait for an answer, but not for ever."""
        left = max(0.0, min(self.silence, self.until - time.monotonic()))
        try:
            return super().wait(gen, interval, left if timeout is None else timeout)
        except psycopg.OperationalError:
            if self.pgconn.transaction_status == TransactionStatus.ACTIVE:
                self.pgconn.finish()  # an answer that comes later must not be taken for the next one's
            raise


def make_postgres_engine(url: URL, connections: int, patience: float | None) -> Engine:
    """Return an engine; with a patience, in seconds, no transaction and no opening of a connection takes longer."""
    engine = create_engine(
        url,
        hide_parameters=True,
        pool_size=connections,
        max_overflow=4,
        pool_timeout=4,
        pool_pre_ping=not patience,  # with a patience it is `_begin` that looks
        connect_args={
            "connect_timeout": int(patience / 2) if patience else 4,
            "options": f"{_SAFE} {_limits(patience) if patience else _PATIENT}",
        },
    )
    if patience:
        event.listen(engine, "do_connect", _Connect(patience))
        event.listen(engine, "checkout", partial(_begin, patience))
        event.listen(engine, "checkin", _end)
    return engine


def _limits(patience: float) -> str:
    """Let the server give up as soon: what nobody waits for must hold no lock when the line is back."""
    statement, idle = int(patience * 450), int(patience * 750)
    return f"-c statement_timeout={statement} -c lock_timeout={statement} -c idle_in_transaction_session_timeout={idle}"


class _Connect:
    """Opens connections; after an attempt in vain the next fail at once, so that a crowd does not wait in turns."""

    def __init__(self, patience: float) -> None:
        self._silence = patience / 2
        self._not_before = 0.0

    def __call__(self, _dialect: object, _record: object, args: list[Any], options: dict[str, Any]) -> Any:
        if time.monotonic() < self._not_before:
            raise psycopg.OperationalError("The database was away a moment ago.")
        try:
            connection = ImpatientConnection.connect(*args, **options)
        except psycopg.OperationalError:
            self._not_before = time.monotonic() + _BREATH
            raise
        connection.silence = self._silence
        return connection


def _begin(patience: float, connection: ImpatientConnection, *_: object) -> None:
    if not connection.is_alive():
        raise InvalidatePoolError
    connection.until = time.monotonic() + patience


def _end(connection: ImpatientConnection | None, _: object) -> None:
    if connection is not None:
        connection.until, connection.used = math.inf, time.monotonic()
