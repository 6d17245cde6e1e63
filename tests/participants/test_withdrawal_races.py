"""A withdrawal wins against everything that is on its way."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import text

from api.audit.service import Actor
from api.core import db
from api.core.ids import new_id
from api.participants.withdrawal import withdraw
from schemas.participant import WithdrawalScope
from tests.meta.bodies import CONSENT
from tests.meta.shape import contents
from tests.personas import PROFILE, Leader, World, entry_body

WRITERS = 8


@pytest.mark.parametrize("round_", range(3))
def test_no_entry_outlives_an_erasure_that_races_with_eight_phones(world: World, round_: int) -> None:
    leo, lena = world.join(), world.join()
    lena.keeps()
    start, done = threading.Barrier(WRITERS + 1), threading.Event()

    def write(number: int) -> list[int]:
        start.wait()
        found: list[int] = []
        while not done.is_set() or not found:
            if number % 2:
                found.append(leo.keeps().status_code)
            else:
                ops = [{"op": "put", "id": str(new_id()), "entry": entry_body()} for _ in range(3)]
                found.append(leo.post("/v1/sync", {"ops": ops}).status_code)
        return found

    with ThreadPoolExecutor(WRITERS) as pool:
        writing = [pool.submit(write, number) for number in range(WRITERS)]
        start.wait()
        receipt = leo.post("/v1/me/withdrawal", {"scope": "erase"})
        done.set()
        statuses = {status for one in writing for status in one.result()}
    assert receipt.status_code == 200, receipt.text
    assert statuses <= {200, 201, 401, 403}
    left = contents(world.engine)
    mine = [row for table in ("entry", "participant_attribute") for row in left[table]]
    assert not [row for row in mine if str(leo.participant_id) in row]
    assert len(left["entry"]) == len(left["entry_revision"]) == 1
    assert len(left["entry_tombstone"]) == receipt.json()["done"]["entries"]


WRITES: dict[str, Callable[[Leader], Any]] = {
    "contact": lambda leo: leo.put("/v1/me/contact", {"email": "leo@example.org"}),
    "profile": lambda leo: leo.put("/v1/me/profile", {"answers": PROFILE | {"sector": "third_sector"}}),
    "consent": lambda leo: leo.put("/v1/me/consent", CONSENT),
    "entry": lambda leo: leo.keeps(),
}


@pytest.mark.parametrize("settings", ["postgresql"], indirect=True)
@pytest.mark.parametrize("what", WRITES)
def test_what_comes_between_an_erasure_and_its_commit_waits_and_is_refused(world: World, what: str) -> None:
    leo = world.join()
    watch = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    with ThreadPoolExecutor(1) as pool, world.engine.connect() as watcher:
        with db.transaction(world.engine) as session:
            withdraw(
                session, Actor("participant", leo.participant_id), leo.participant_id, WithdrawalScope.ERASE
            )
            session.flush()
            writing = pool.submit(WRITES[what], leo)
            while not writing.done() and not watcher.execute(text(watch)).scalar_one():
                watcher.rollback()
            assert not writing.done(), "it did not wait for the withdrawal"
        assert writing.result().status_code in {401, 403}
    left = contents(world.engine)
    assert not left["participant_attribute"]
    assert not left["entry"]
    assert all("None, None" in row for row in left["contact"])
    assert [row.count("datetime.datetime(") for row in left["consent"]] == [2]
