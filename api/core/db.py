"""The engine, its safety settings, and the one transaction of each request or job."""

import sqlite3
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from enum import StrEnum
from pathlib import Path
from typing import Any

from sqlalchemy import (
    Connection,
    Engine,
    LargeBinary,
    MetaData,
    String,
    TypeDecorator,
    create_engine,
    event,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import URL, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session, SQLModel

from api.core import ledger
from api.core.config import Settings
from api.core.postgres import make_postgres_engine

SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
_PRAGMAS = {
    "journal_mode": "wal",
    "synchronous": "2",
    "foreign_keys": "1",
    "busy_timeout": "4000",
    "secure_delete": "1",  # what a withdrawal erases is overwritten, not left in a free page
}


def metadata() -> MetaData:
    """Return the metadata that every table registers with."""
    return SQLModel.metadata


class EnumValue(TypeDecorator[StrEnum]):
    """Stores an enumeration's value as VARCHAR: no native type to migrate."""

    impl = String
    cache_ok = True

    def __init__(self, kind: type[StrEnum]) -> None:
        super().__init__(40)
        self.kind = kind

    def process_bind_param(self, value: StrEnum | str | None, _dialect: Any) -> str | None:
        """Return the value to store."""
        return None if value is None else self.kind(value).value

    def process_result_value(self, value: str | None, _dialect: Any) -> StrEnum | None:
        """Return the member that a stored value names."""
        return None if value is None else self.kind(value)


def enum_type(kind: type[StrEnum]) -> Any:
    """Return the column type of an enumeration."""
    return EnumValue(kind)


class WrappedKey(TypeDecorator[bytes]):
    """The column type of every data key wrapped by the master key: a rotation finds them by it."""

    impl = LargeBinary
    cache_ok = True


def columns_of(row: SQLModel, *, but: Collection[str] = ()) -> dict[str, Any]:
    """Return a row's columns by name, as they are stored."""
    return {name: getattr(row, name) for name in type(row).model_fields if name not in but}


def make_engine(settings: Settings, *, answering: bool = False) -> Engine:
    """Return an engine whose every connection carries our time-outs and durability.

    One that is answering requests waits no longer than the settings say.
    """
    url = make_url(settings.database)
    if settings.is_sqlite:
        engine = _make_sqlite_engine(url, settings.threads)
    else:
        engine = make_postgres_engine(url, settings.threads, settings.patience if answering else None)
    engine.update_execution_options(**{ledger.OPTION: ledger.Ledger(settings)})
    return engine


def _make_sqlite_engine(url: URL, connections: int) -> Engine:
    if url.database:
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(url, hide_parameters=True, pool_size=connections, max_overflow=4, pool_timeout=4)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    event.listen(engine, "checkin", _end_sqlite)
    return engine


def _prepare_sqlite(connection: DBAPIConnection, _: object) -> None:
    # The driver must not begin transactions of its own: _begin_sqlite does.
    connection.isolation_level = None
    cursor = connection.cursor()
    for name, value in _PRAGMAS.items():
        cursor.execute(f"PRAGMA {name}={value}")
    for name, value in _PRAGMAS.items():
        found = str(cursor.execute(f"PRAGMA {name}").fetchone()[0])
        if found != value:
            raise RuntimeError(f"SQLite refused PRAGMA {name}={value}: it is {found}.")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    # A transaction that will write takes the lock first: an upgrade from read to write fails under load.
    reads = connection.get_execution_options().get("reads_only", False)
    connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")


def _end_sqlite(connection: sqlite3.Connection | None, _: object) -> None:
    # A COMMIT that fails (a full disk) leaves the transaction and its write lock, which the pool does not notice.
    if connection is not None and connection.in_transaction:
        connection.rollback()


@contextmanager
def transaction(engine: Engine) -> Iterator[Session]:
    """Open a session whose work is committed at the end, or rolled back by an exception."""
    with Session(engine, expire_on_commit=False) as session:
        yield session
        session.commit()
        for follow_up in session.info.pop("after_commit", []):
            follow_up()


@contextmanager
def reading(engine: Engine) -> Iterator[Session]:
    """Open a session that only reads."""
    with Session(engine.execution_options(reads_only=True)) as session:
        yield session


def insert_new(session: Session, table: type[SQLModel], *rows: Mapping[str, Any]) -> int:
    """Insert the rows that no unique key knows yet, in one statement; return how many there were."""
    if not rows:
        return 0
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    made = session.execute(dialect.insert(table).values([*rows]).on_conflict_do_nothing())
    return made.rowcount  # type: ignore[attr-defined,no-any-return] # an INSERT's result counts its rows


def see_one_moment(session: Session) -> None:
    """Begin anew, in a transaction that sees one moment to its end, on either database."""
    session.rollback()
    if session.get_bind().dialect.name == "postgresql":
        session.connection(execution_options={"isolation_level": "REPEATABLE READ"})


def after_commit(session: Session, follow_up: Callable[[], None]) -> None:
    """Run something once this session's transaction is safely stored."""
    session.info.setdefault("after_commit", []).append(follow_up)


def shred(session: Session) -> None:
    """Once this session's transaction is stored, empty the log in which SQLite still holds what it erased."""
    engine = session.get_bind().engine
    if engine.dialect.name == "sqlite":
        after_commit(session, lambda: _empty_log(engine))


def _empty_log(engine: Engine) -> None:
    # Tried for a moment only: readers of an older state keep the log, and the next attempt finds it.
    with suppress(SQLAlchemyError, sqlite3.Error), closing(engine.raw_connection()) as connection:
        cursor = connection.cursor()
        cursor.execute("PRAGMA busy_timeout=250")
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        cursor.execute(f"PRAGMA busy_timeout={_PRAGMAS['busy_timeout']}")
        cursor.close()
