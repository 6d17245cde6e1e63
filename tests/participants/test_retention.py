"""Contact data goes when a study has been closed for as long as it said, and not a moment before."""

import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from sqlmodel import select

from api.audit.models import AuditEvent
from api.core import clock, db, jobs
from api.core.jobs import JobContext, Worker
from api.participants import retention
from api.participants.models import Contact
from tests.meta.shape import nothing_stored, pointers, refused
from tests.personas import Leader, World
from tests.searching import files_with


def reachable(world: World, count: int) -> list[Leader]:
    people = [world.join({}) for _ in range(count)]
    for leader in people:
        assert leader.put("/v1/me/contact", {"email": "leo@example.org"}).status_code == 204
    return people


def closed(world: World, days: int) -> datetime:
    """Close the study with a time to keep contact data; return when that ends."""
    assert world.olivia.patch(world.path, {"contact_retention_days": days}).status_code == 200
    ended = world.olivia.post(f"{world.path}/status", {"status": "closed"}).json()
    return datetime.fromisoformat(ended["contact_erased_from"])


def due(world: World) -> list[tuple[str, str, int]]:
    with db.reading(world.engine) as session:
        return list(retention.due(session))


def expire(world: World) -> None:
    retention.expire(JobContext(world.settings, "test"), str(world.study_id))


def kept(world: World) -> int:
    with db.reading(world.engine) as session:
        rows = session.exec(select(Contact)).all()
    assert all((row.wrapped_key is None) == (row.sealed is None) for row in rows)
    return sum(row.sealed is not None for row in rows)


def expired(world: World) -> list[Any]:
    with db.reading(world.engine) as session:
        rows = session.exec(select(AuditEvent).where(AuditEvent.study_id == world.study_id)).all()
    return [(row.actor_kind, row.object_id) for row in rows if row.event == "contact.expired"]


def test_staff_see_when_it_will_happen(world: World) -> None:
    study = world.olivia.get(world.path).json()
    assert (study["contact_retention_days"], study["contact_erased_from"]) == (90, None)
    at = closed(world, 30)
    study = world.ana.get(world.path).json()
    assert at - datetime.fromisoformat(study["closed_at"]) == timedelta(days=30)


def test_contact_data_goes_when_it_is_due_and_not_before(world: World) -> None:
    people = reachable(world, 3)
    other = World(world.client, world.engine, world.settings, "Still open")
    reachable(other, 1)
    at = closed(world, 30)
    with time_machine.travel(at - timedelta(seconds=1), tick=False), nothing_stored(world.engine):
        assert due(world) == []
        expire(world)
    with time_machine.travel(at, tick=False):
        ((name, row, _),) = due(world)
        assert (name, row) == (retention.JOB, str(world.study_id))
        expire(world)
        assert due(world) == []
        assert kept(world) == 1, "that of the open study"
        with nothing_stored(world.engine):
            expire(world)
            expire(other)
    assert sorted(expired(world)) == sorted(("system", one.participant_id) for one in people)
    assert people[0].get("/v1/me/contact").json() == {"name": None, "email": None, "phone": None}
    events = people[0].get("/v1/me/export").json()["events"]
    assert [one["event"] for one in events].count("contact.expired") == 1


def test_nothing_is_due_in_a_study_that_is_not_closed(world: World) -> None:
    reachable(world, 1)
    assert world.olivia.patch(world.path, {"contact_retention_days": 0}).status_code == 200
    with time_machine.travel(clock.now() + timedelta(days=4_000)), nothing_stored(world.engine):
        assert due(world) == []
        expire(world)


def test_after_that_nothing_new_is_stored(world: World) -> None:
    leo = reachable(world, 1)[0]
    at = closed(world, 0)
    with time_machine.travel(at + timedelta(seconds=1)):
        with nothing_stored(world.engine):
            refused(leo.put("/v1/me/contact", {"name": "Leo"}), 403, "contact-not-kept")
        expire(world)
        assert kept(world) == 0


def test_an_owner_may_keep_it_longer_until_it_is_gone(world: World) -> None:
    reachable(world, 1)
    at = closed(world, 1)
    assert world.olivia.patch(world.path, {"contact_retention_days": 2}).status_code == 200
    with time_machine.travel(at + timedelta(hours=1)):
        assert due(world) == []


@pytest.mark.parametrize("wrong", [-1, 3_651, 10**20, "30", 1.5])
def test_a_wrong_time_is_refused(world: World, wrong: Any) -> None:
    with nothing_stored(world.engine):
        found = refused(world.olivia.patch(world.path, {"contact_retention_days": wrong}), 422, "invalid")
    assert pointers(found) == {"/contact_retention_days"}


def test_a_job_that_died_halfway_is_found_again_and_ends(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = reachable(world, 3)
    at = closed(world, 1)
    monkeypatch.setattr(retention, "BATCH", 1)
    some, calls = retention._expire_some, 0

    def dies(*given: Any) -> int:
        nonlocal calls
        calls += 1
        done = some(*given)
        if calls == 2:
            raise ConnectionError  # before its commit
        return done

    with time_machine.travel(at, tick=False) as now:
        monkeypatch.setattr(retention, "_expire_some", dies)
        with pytest.raises(ConnectionError):
            expire(world)
        assert (kept(world), len(expired(world))) == (2, 1)
        first = due(world)
        assert due(world) == first, "one attempt, however often it is swept"
        now.shift(retention.RETRY)
        assert first != due(world), "a job that failed is tried again"
        expire(world)
    assert kept(world) == 0
    assert sorted(who for _, who in expired(world)) == sorted(one.participant_id for one in people)


@pytest.fixture
def done(monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    found, work = threading.Event(), retention.expire

    def told(context: JobContext, study_id: str) -> None:
        work(context, study_id)
        found.set()

    monkeypatch.setitem(jobs._works, retention.JOB, told)
    return found


@pytest.fixture
def worker(world: World, done: threading.Event) -> Iterator[Worker]:
    made = Worker(world.settings)
    made.start()
    yield made
    made.stop()


def test_the_worker_does_it_by_itself(world: World, worker: Worker, done: threading.Event) -> None:
    reachable(world, 2)
    closed(world, 0)
    assert worker.sweep_once(world.engine) >= 1
    assert done.wait(60)
    assert kept(world) == 0
    assert not files_with(world.settings, "leo@example.org")["leo@example.org"]
