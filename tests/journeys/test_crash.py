"""kill -9 under four writing phones: no acknowledged entry is lost, none is doubled."""

import random
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import select
from sqlmodel import col

from api.core import db
from api.core.config import Settings
from api.diary.models import Entry, EntryRevision
from tests.journeys.people import enrol
from tests.journeys.phones import Phone, Written
from tests.journeys.server import SERVE, Forker, Server

KILLS = 25
CONTROL_KILLS = 5
PHONES = 4


@dataclass
class Account:
    """What the phones were promised beside what the database holds."""

    lost: list[Written]
    doubled: list[Written]
    never_sent: list[Written]
    out_of_step: list[Written]
    promised: int
    stored: int


def account(settings: Settings, phones: list[Phone]) -> Account:
    """Compare receipts with rows; receipts are taken first and sent bodies last, for the phones write on."""
    promised = {written for phone in phones for written in list(phone.acknowledged)}
    engine = db.make_engine(settings)  # opened now and closed at once: recovery is left to the server
    with db.reading(engine) as session:
        # One statement, and so one snapshot; an outer join, so that neither table hides what the other lacks.
        rows = session.execute(
            select(
                col(EntryRevision.entry_id),
                col(EntryRevision.version),
                col(EntryRevision.content_hash),
                col(Entry.id),
                col(Entry.version),
            ).join(Entry, col(Entry.id) == col(EntryRevision.entry_id), full=True)
        ).all()
    engine.dispose()
    sent = {one for phone in phones for one in phone.sent.copy()}
    stored = [(row[0], row[1], row[2]) for row in rows]
    copies = Counter((entry, content_hash) for entry, _, content_hash in stored)
    versions = Counter(entry for entry, _, _ in stored)
    return Account(
        lost=sorted(promised - set(stored)),
        doubled=[one for one in stored if copies[one[0], one[2]] > 1],
        never_sent=[one for one in stored if (one[0], one[2]) not in sent],
        out_of_step=[row[:3] for row in rows if row[0] != row[3] or row[4] != versions[row[0]]],
        promised=len(promised),
        stored=len(stored),
    )


def crash(
    settings: Settings, forker: Forker, kills: int, module: str = SERVE
) -> tuple[list[Account], list[Phone]]:
    """Kill and restart the server under writing phones; account after each restart, and at the end."""
    moments = random.Random(20261122)
    leaders = enrol(settings, PHONES)
    with Server(settings, forker.launch, module) as server:
        phones = [Phone(server.url, leader.token, seed) for seed, leader in enumerate(leaders)]
        for phone in phones:
            phone.start()
        accounts = []
        for _ in range(kills):
            time.sleep(moments.uniform(0.2, 0.5))
            server.kill()
            server.start()
            accounts.append(account(settings, phones))
        for phone in phones:
            phone.stop()
        accounts.append(account(settings, phones))
    return accounts, phones


def test_nothing_that_was_acknowledged_is_lost_or_doubled(
    settings: Settings, forker: Forker, record_property: Callable[[str, object], None]
) -> None:
    accounts, phones = crash(settings, forker, KILLS)
    assert [one for phone in phones for one in phone.refused] == []
    for one in accounts:
        assert (one.lost, one.doubled, one.never_sent, one.out_of_step) == ([], [], [], [])
    last = accounts[-1]
    assert last.stored == last.promised  # every phone brought its last request to a receipt
    assert len(accounts) == KILLS + 1
    assert last.promised > KILLS * PHONES  # there was something to lose at every kill,
    cut = sum(phone.interrupted for phone in phones)
    assert cut > KILLS  # and the kills met requests under way
    record_property("acknowledged", last.promised)
    record_property("cut", cut)


def test_a_server_that_acknowledges_before_it_commits_is_caught(settings: Settings, forker: Forker) -> None:
    accounts, _ = crash(settings, forker, CONTROL_KILLS, "tests.journeys.broken_server")
    assert any(one.lost for one in accounts)
