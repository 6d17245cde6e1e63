"""Events are sealed in batches, each exactly once, whoever else is sealing, committing late or being killed."""

import subprocess
import sys
import threading
from typing import Any

import pytest
from pydantic import SecretStr
from sqlalchemy import Engine, func, select
from sqlmodel import Session

from api.audit import sealing
from api.audit.content import EVENTS, leaf
from api.audit.events import Event
from api.audit.models import AuditEvent
from api.audit.verifying import Verification
from api.core import db, jobs
from api.core.config import Settings
from api.core.jobs import Worker
from tests.audit.chain import SEALS, Chain
from tests.commands import daybook
from tests.databases import ROOT

# A sealer that stops after it has written everything and before the commit, until it is killed.
SEALER = """
import sys
import threading
from pathlib import Path
from api.audit import sealing
from api.core import db
from tests.databases import make_settings
settings = make_settings(Path(sys.argv[1]), sys.argv[2])
with db.transaction(db.make_engine(settings)) as session:
    sealing._seal(session, settings.master_keys)
    session.flush()
    print("written", flush=True)
    threading.Event().wait()
"""


@pytest.fixture
def chain(engine: Engine, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Chain:
    monkeypatch.setattr(sealing, "BATCH", 4)
    return Chain(engine, settings)


def sealed_once(chain: Chain, count: int) -> None:
    """Assert that all events are sealed, each in one seal."""
    assert chain.verify() == []
    assert chain.events(None) == []
    counts = chain.rows(select(func.count()).select_from(EVENTS))
    leaves = chain.rows(select(func.sum(func.length(SEALS.c.leaves))))
    assert counts[0][0] == leaves[0][0] // 48 == count


def late(chain: Chain) -> AuditEvent:
    """An event whose id is made now, and which is stored later."""
    return AuditEvent(event=Event.STAFF_ADDED, actor_kind="operator")


def store(engine: Engine, event: AuditEvent) -> None:
    with db.transaction(engine) as session:
        session.add(event)


def test_new_events_are_sealed_in_batches_and_sealing_again_does_nothing(chain: Chain) -> None:
    assert chain.seal() == []
    chain.happen(10)
    made = chain.seal()
    assert [len(seal.leaves) // 48 for seal in made] == [4, 4, 2]
    assert [seal.previous for seal in made] == [sealing.GENESIS, made[0].digest, made[1].digest]
    assert chain.seal() == []
    sealed_once(chain, 10)


def test_an_event_that_commits_after_greater_ids_were_sealed_is_in_the_next_seal(chain: Chain) -> None:
    event = late(chain)
    chain.happen(6)
    chain.seal()
    store(chain.engine, event)
    assert event.id < min(chain.events(1))
    (made,) = chain.seal()
    assert chain.events(made.number) == [event.id]
    sealed_once(chain, 7)


def test_an_event_that_commits_while_others_are_being_sealed_is_neither_lost_nor_sealed_twice(
    chain: Chain, monkeypatch: pytest.MonkeyPatch
) -> None:
    event = late(chain)
    chain.happen(4)
    storing = threading.Thread(target=store, args=(chain.engine, event))

    def leaf_while_another_commits(row: Any) -> bytes:
        if not storing.ident:
            storing.start()
            storing.join(0.5)  # SQLite's one writer waits for the seal; PostgreSQL's has committed by now
        return leaf(row)

    monkeypatch.setattr(sealing, "leaf", leaf_while_another_commits)
    assert sealing.seal_next(chain.engine, chain.settings)
    storing.join()
    assert chain.events(None) == [event.id]
    assert chain.verify() == []
    chain.seal()
    sealed_once(chain, 5)


def test_a_sealer_waits_for_another_that_is_at_other_events(
    chain: Chain, monkeypatch: pytest.MonkeyPatch
) -> None:
    earlier = [late(chain) for _ in range(4)]
    chain.happen(4)
    failed: list[Exception] = []

    def seal_earlier_events() -> None:
        try:
            for event in earlier:
                store(chain.engine, event)
            sealing.seal_next(chain.engine, chain.settings)
        except Exception as error:  # noqa: BLE001 - a thread's failure is shown by the test
            failed.append(error)

    second = threading.Thread(target=seal_earlier_events)

    def leaf_while_another_seals(row: Any) -> bytes:
        if not second.ident:
            second.start()
            second.join(1.0)  # long enough to seal, if nothing held it back
        return leaf(row)

    monkeypatch.setattr(sealing, "leaf", leaf_while_another_seals)
    assert sealing.seal_next(chain.engine, chain.settings)
    second.join()
    assert failed == []
    chain.seal()
    sealed_once(chain, 8)


def test_four_sealers_at_once_make_one_chain(chain: Chain) -> None:
    chain.happen(60)
    start, failed = threading.Barrier(4), []

    def work() -> None:
        own = db.make_engine(chain.settings)
        try:
            start.wait()
            while sealing.seal_next(own, chain.settings):
                pass
        except Exception as error:  # noqa: BLE001 - a thread's failure is shown by the test
            failed.append(error)
        own.dispose()

    sealers = [threading.Thread(target=work) for _ in range(4)]
    for sealer in sealers:
        sealer.start()
    for sealer in sealers:
        sealer.join()
    assert failed == []
    sealed_once(chain, 60)
    assert [row.number for row in chain.rows(select(SEALS.c.number).order_by(SEALS.c.number))] == [
        *range(1, 16)
    ]


def test_a_sealer_that_is_killed_before_its_commit_leaves_nothing_behind(chain: Chain) -> None:
    chain.happen(3)
    sealer = subprocess.Popen(
        [sys.executable, "-c", SEALER, str(chain.settings.data_dir), chain.settings.database_url],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert sealer.stdout
    assert sealer.stdout.readline() == "written\n"
    sealer.kill()
    sealer.communicate()
    assert len(chain.events(None)) == 3
    assert chain.rows(select(SEALS)) == []
    assert len(chain.seal()) == 1
    sealed_once(chain, 3)


def test_a_failure_half_way_seals_nothing_and_the_next_turn_seals_all(
    chain: Chain, monkeypatch: pytest.MonkeyPatch
) -> None:
    chain.happen(3)
    with monkeypatch.context() as broken:
        broken.setattr(Session, "commit", lambda _: (_ for _ in ()).throw(ConnectionError))
        with pytest.raises(ConnectionError):
            chain.seal()
    assert len(chain.events(None)) == 3
    chain.seal()
    sealed_once(chain, 3)


def test_the_worker_seals_in_its_turns_and_leaves_a_backlog_for_the_next(
    chain: Chain, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sealing, "BATCHES_AT_ONCE", 2)
    chain.happen(10)
    worker = Worker(chain.settings)
    worker.do_chores(chain.engine)
    assert len(chain.events(None)) == 2
    worker.do_chores(chain.engine)
    sealed_once(chain, 10)
    assert sealing.seal_new_events in jobs._chores


def test_a_change_of_the_master_key_keeps_the_chain_and_does_not_adopt_what_was_forged(chain: Chain) -> None:
    chain.happen(12)
    chain.seal()
    chain.mallory(SEALS.update().where(SEALS.c.number == 2).values(mark="0" * 64))
    digests = chain.rows(select(SEALS.c.digest).order_by(SEALS.c.number))
    old, new = {"old_master_keys": chain.settings.master_key}, {"master_key": SecretStr("n" * 40)}
    chain.settings = chain.settings.model_copy(update=old | new)
    assert verify(chain) == [("SEAL_FORGED", 2, None)]
    assert (
        daybook(chain.settings, "keys", "rotate-master", DAYBOOK_OLD_MASTER_KEYS=chain.keys.current)[0] == 0
    )
    chain.settings = chain.settings.model_copy(update={"old_master_keys": SecretStr("")})
    assert verify(chain) == [("SEAL_FORGED", 2, None)]
    assert chain.rows(select(SEALS.c.digest).order_by(SEALS.c.number)) == digests


def verify(chain: Chain) -> list[tuple[str, int | None, str | None]]:
    """Verify with the keys that the settings have now, not those of the beginning."""
    return Chain(chain.engine, chain.settings).verify()


def test_a_walk_tells_how_far_it_is(chain: Chain) -> None:
    chain.happen(10)
    last = chain.seal()[-1]
    walk, heard = Verification(chain.engine, chain.keys), list[int]()
    assert list(walk.findings(heard.append)) == []
    assert heard == [1, 2, 3]
    assert (walk.seals, walk.events) == (3, 10)
    assert walk.head
    assert walk.head.digest == last.digest
