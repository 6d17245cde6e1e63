"""Every connection is safe by itself; a commit comes before the answer."""

import threading
from pathlib import Path
from typing import cast

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlmodel import select

from api.audit.events import Event
from api.audit.models import AuditEvent
from api.audit.service import OPERATOR, record
from api.core import db, postgres, problems
from api.core.config import Settings
from api.core.database_problem import database_problem
from api.core.ids import new_id
from api.studies.models import StudyDocument
from schemas.study import DocumentKind
from tests.databases import make_settings

SAFE_SQLITE = {
    "journal_mode": "wal",
    "synchronous": 2,
    "foreign_keys": 1,
    "busy_timeout": 4000,
    "secure_delete": 1,
}
SAFE_POSTGRES = {
    "synchronous_commit": "on",
    "TimeZone": "UTC",
    "lock_timeout": "5s",
    "statement_timeout": "30s",
    "idle_in_transaction_session_timeout": "1min",
}


def test_every_connection_of_the_pool_has_the_settings(settings: Settings, engine: Engine) -> None:
    opened = [engine.connect() for _ in range(settings.threads)]
    wanted = SAFE_SQLITE if settings.is_sqlite else SAFE_POSTGRES
    ask = "PRAGMA {}" if settings.is_sqlite else "SHOW {}"
    for connection in opened:
        found = {name: connection.exec_driver_sql(ask.format(name)).scalar_one() for name in wanted}
        assert found == wanted
        connection.close()


@pytest.mark.parametrize("settings", ["postgresql"], indirect=True)
def test_the_server_gives_up_before_who_answers_requests_does(settings: Settings) -> None:
    answering = db.make_engine(settings.model_copy(update={"patience": 4.0}), answering=True)
    limits = ("lock_timeout", "statement_timeout", "idle_in_transaction_session_timeout")
    with answering.connect() as connection:
        found = {name: connection.exec_driver_sql(f"SHOW {name}").scalar_one() for name in limits}
        assert found == dict(zip(limits, ("1800ms", "1800ms", "3s"), strict=True))
    answering.dispose()


@pytest.mark.parametrize("settings", ["postgresql"], indirect=True)
def test_a_connection_that_the_server_ended_a_moment_ago_is_replaced(settings: Settings) -> None:
    answering, other = db.make_engine(settings, answering=True), db.make_engine(settings)
    with answering.connect() as connection:
        pid = connection.exec_driver_sql("SELECT pg_backend_pid()").scalar_one()
    with other.connect() as connection:
        assert connection.exec_driver_sql(f"SELECT pg_terminate_backend({pid}, 5000)").scalar_one()
    with answering.connect() as connection:
        assert connection.exec_driver_sql("SELECT pg_backend_pid()").scalar_one() != pid
    answering.dispose()
    other.dispose()


@pytest.mark.parametrize("settings", ["postgresql"], indirect=True)
@pytest.mark.parametrize(("rest", "asked"), [(60.0, False), (0.0, True)], ids=["fresh", "rested"])
def test_a_connection_is_asked_whether_it_lives_only_after_a_rest(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, rest: float, asked: bool
) -> None:
    monkeypatch.setattr(postgres, "_FRESH", rest)
    answering, other = db.make_engine(settings, answering=True), db.make_engine(settings)
    with answering.connect() as connection:
        pid = connection.exec_driver_sql("SELECT pg_backend_pid()").scalar_one()
    with answering.connect(), other.connect() as connection:
        last = connection.exec_driver_sql(f"SELECT query FROM pg_stat_activity WHERE pid = {pid}")
        assert (last.scalar_one() == "SELECT 1") is asked
    answering.dispose()
    other.dispose()


def test_a_pool_that_is_used_up_is_a_503(settings: Settings) -> None:
    small = db.make_engine(settings.model_copy(update={"threads": 2}))
    small.pool._timeout = 0.01  # type: ignore[attr-defined] # the test does not wait four seconds
    opened = [small.execution_options(reads_only=True).connect() for _ in range(6)]
    with pytest.raises(Exception, match="QueuePool limit") as refused, small.connect():
        pass
    assert isinstance(database_problem(refused.value), problems.Unavailable)
    for connection in opened:
        connection.close()
    small.dispose()


def test_foreign_keys_are_enforced(engine: Engine) -> None:
    orphan = StudyDocument(study_id=new_id(), kind=DocumentKind.CONSENT, version=1, text={}, statements=[])
    with pytest.raises(IntegrityError) as refused, db.transaction(engine) as session:
        session.add(orphan)
    assert isinstance(database_problem(refused.value), problems.Conflict)


def test_a_raise_rolls_back_and_a_return_commits(engine: Engine) -> None:
    told: list[str] = []

    def refuse() -> None:
        with db.transaction(engine) as session:
            record(session, Event.STAFF_ADDED, OPERATOR)
            session.flush()
            db.after_commit(session, lambda: told.append("refused"))
            raise problems.Conflict

    with pytest.raises(problems.Conflict):
        refuse()
    with db.transaction(engine) as session:
        record(session, Event.TOKEN_CREATED, OPERATOR)
        db.after_commit(session, lambda: told.append("stored"))
        assert told == []
    with db.reading(engine) as session:
        assert list(session.exec(select(AuditEvent.event))) == [Event.TOKEN_CREATED]
    assert told == ["stored"]


def test_an_enumeration_is_stored_by_its_value_and_a_stranger_is_refused(engine: Engine) -> None:
    with db.transaction(engine) as session:
        record(session, Event.STAFF_ADDED, OPERATOR)
    with engine.connect() as connection:
        assert connection.execute(text("SELECT event FROM audit_event")).scalar_one() == "staff.added"
    with pytest.raises(Exception, match="not a valid Event"), db.transaction(engine) as session:
        session.add(AuditEvent(event=cast("Event", "staff.promoted"), actor_kind="operator"))


def test_read_then_write_by_many_threads_never_fails(engine: Engine) -> None:
    failures: list[BaseException] = []
    start = threading.Barrier(8)

    def work() -> None:
        start.wait()
        try:
            for _ in range(10):
                with db.transaction(engine) as session:
                    session.execute(text("SELECT count(*) FROM audit_event")).scalar_one()
                    record(session, Event.STAFF_ADDED, OPERATOR)
        except OperationalError as error:
            failures.append(error)

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    with engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM audit_event")).scalar_one() == 80


def test_a_statement_that_makes_no_sense_is_our_fault_and_not_a_busy_database(engine: Engine) -> None:
    with pytest.raises(Exception, match="nothing_here") as refused, engine.connect() as connection:
        connection.execute(text("SELECT * FROM nothing_here"))
    assert type(database_problem(refused.value)) is problems.Unexpected


@pytest.mark.parametrize("settings", ["postgresql"], indirect=True)
@pytest.mark.parametrize(
    ("state", "problem"),
    [
        ("53100", problems.Unavailable),  # the disk is full
        ("58030", problems.Unavailable),  # the disk is broken
        ("XX000", problems.Unexpected),  # but not every internal error is the disk's
    ],
)
def test_a_disk_of_postgresql_that_fails_is_a_503(
    engine: Engine, state: str, problem: type[problems.Problem]
) -> None:
    with pytest.raises(DBAPIError) as refused, engine.connect() as connection:
        connection.execute(text(f"DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '{state}'; END $$"))
    assert type(database_problem(refused.value)) is problem


def test_a_full_sqlite_is_a_503_until_there_is_room(tmp_path: Path) -> None:
    engine = db.make_engine(make_settings(tmp_path))
    insert = text("INSERT INTO kept VALUES (randomblob(100000))")
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE kept (content BLOB)"))
    with engine.begin() as connection:
        connection.execute(text("PRAGMA max_page_count = 3"))
        with pytest.raises(OperationalError, match="database or disk is full") as refused:
            connection.execute(insert)
    assert isinstance(database_problem(refused.value), problems.Unavailable)
    with engine.begin() as connection:
        connection.execute(text("PRAGMA max_page_count = 1000"))
        connection.execute(insert)
    engine.dispose()


def test_a_busy_sqlite_is_a_503(tmp_path: Path) -> None:
    engine = db.make_engine(make_settings(tmp_path))
    readers = engine.execution_options(reads_only=True)
    with engine.connect() as holder, readers.connect() as other:
        holder.exec_driver_sql("CREATE TABLE one (id INTEGER)")
        other.exec_driver_sql("PRAGMA busy_timeout=1")
        with pytest.raises(OperationalError) as refused:
            other.exec_driver_sql("CREATE TABLE two (id INTEGER)")
    assert isinstance(database_problem(refused.value), problems.Unavailable)
    engine.dispose()
