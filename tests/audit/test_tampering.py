"""Mallory has the database, but not the master key: whatever she does to a sealed row, verification names it."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, String, delete, literal, select

from api.audit import sealing
from api.audit.content import CONTENTS, EVENTS, leaf
from api.audit.models import AuditSeal
from api.core import crypto
from api.core.config import Settings
from api.core.crypto import MasterKeys
from api.core.ids import new_id
from tests.audit.chain import SEALS, Chain, change, change_seal, put, remove

CHANGES: dict[str, Any] = {
    "at": lambda row: row["at"] + timedelta(microseconds=1),
    "event": lambda _: "study.closed",
    "actor_kind": lambda _: "staff",
    "actor_id": lambda _: new_id(),
    "study_id": lambda _: new_id(),
    "object_id": lambda _: new_id(),
    "detail": lambda _: {"role": "owner"},
    "request_id": lambda _: "another",
}


@pytest.fixture
def chain(engine: Engine, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Chain:
    """Twelve events in three seals of four, and two that wait."""
    monkeypatch.setattr(sealing, "BATCH", 4)
    made = Chain(engine, settings)
    made.happen(12)
    assert [seal.number for seal in made.seal()] == [1, 2, 3]
    made.happen(2)
    assert made.verify() == []
    return made


def digest_of(chain: Chain, number: int) -> str:
    return str(chain.rows(select(SEALS.c.digest).where(SEALS.c.number == number))[0].digest)


@pytest.mark.parametrize("column", CHANGES)
def test_a_changed_event_is_named(chain: Chain, column: str) -> None:
    one = chain.events(2)[1]
    chain.mallory(change(one, **{column: CHANGES[column](chain.event(one))}))
    assert chain.verify() == [("CHANGED", 2, str(one))]


def test_every_column_is_sealed() -> None:
    assert {column.name for column in EVENTS.c} - CHANGES.keys() == {"id", "seal_number"}


def test_a_removed_event_is_named(chain: Chain) -> None:
    first, last = chain.events(1)[0], chain.events(3)[-1]
    chain.mallory(remove(first), remove(last))
    assert chain.verify() == [("REMOVED", 1, str(first)), ("REMOVED", 3, str(last))]


def test_an_event_that_was_put_into_a_seal_is_named(chain: Chain) -> None:
    like, forged = chain.event(chain.events(2)[0]), new_id()
    chain.mallory(put(like, id=forged))
    assert chain.verify() == [("INSERTED", 2, str(forged))]


def test_an_event_that_was_put_into_the_past_is_named_once_it_is_sealed(chain: Chain) -> None:
    like, forged = chain.event(chain.events(1)[0]), new_id()
    chain.mallory(put(like, id=forged, at=like["at"] - timedelta(hours=2), seal_number=None))
    assert len(chain.seal()) == 1
    assert chain.verify() == [("MISDATED", 4, str(forged))]


def test_events_that_changed_places_are_named(chain: Chain) -> None:
    one, other = chain.events(1)[0], chain.events(2)[0]
    chain.mallory(change(one, seal_number=2), change(other, seal_number=1))
    assert chain.verify() == [
        ("MOVED", 1, str(one)),
        ("INSERTED", 1, str(other)),
        ("MOVED", 2, str(other)),
        ("INSERTED", 2, str(one)),
    ]


def test_events_that_changed_ids_are_named(chain: Chain) -> None:
    one, other = chain.events(2)[:2]
    between = new_id()
    chain.mallory(change(one, id=between), change(other, id=one), change(between, id=other))
    assert chain.verify() == [("CHANGED", 2, str(one)), ("CHANGED", 2, str(other))]


def test_an_event_that_was_unsealed_is_named_even_if_it_is_sealed_again(chain: Chain) -> None:
    one = chain.events(1)[2]
    chain.mallory(change(one, seal_number=None))
    assert chain.verify() == [("MOVED", 1, str(one))]
    assert len(chain.seal()) == 1
    assert chain.verify() == [("MOVED", 1, str(one))]


def test_a_removed_seal_is_named(chain: Chain) -> None:
    chain.mallory(delete(SEALS).where(SEALS.c.number == 2))
    assert chain.verify() == [("SEAL_REMOVED", 2, None), ("CHAIN_BROKEN", 3, None)]


def test_a_removed_last_seal_is_named_by_the_events_that_it_held(chain: Chain) -> None:
    chain.mallory(delete(SEALS).where(SEALS.c.number == 3))
    assert chain.verify() == [("SEAL_REMOVED", 3, str(chain.events(3)[0]))]


def test_a_seal_that_was_removed_with_its_events_is_named(chain: Chain) -> None:
    chain.mallory(delete(SEALS).where(SEALS.c.number == 1), delete(EVENTS).where(EVENTS.c.seal_number == 1))
    assert chain.verify() == [("SEAL_REMOVED", 1, None), ("CHAIN_BROKEN", 2, None)]


def test_a_seal_that_nobody_made_is_named(chain: Chain) -> None:
    one = chain.events(None)[0]
    chain.mallory(change(one, seal_number=77))
    assert chain.verify() == [("SEAL_REMOVED", 77, str(one))]


def test_a_chain_cut_short_with_its_events_is_known_by_a_digest_that_was_noted(chain: Chain) -> None:
    noted = digest_of(chain, 3)
    assert chain.verify(noted) == []
    assert chain.verify(digest_of(chain, 1)) == []
    chain.mallory(delete(SEALS).where(SEALS.c.number == 3), delete(EVENTS).where(EVENTS.c.seal_number == 3))
    assert chain.verify() == []
    assert chain.verify(noted) == [("HEAD_UNKNOWN", None, None)]
    chain.happen(4)
    chain.seal()
    assert chain.verify(noted) == [("HEAD_UNKNOWN", None, None)]


@pytest.mark.parametrize("column", ["at", "leaves", "previous", "digest", "wrapped_key", "mark"])
def test_a_changed_seal_is_named(chain: Chain, column: str) -> None:
    (before,) = chain.rows(select(SEALS).where(SEALS.c.number == 2))
    values = {
        "at": before.at + timedelta(seconds=1),
        "leaves": before.leaves[:-1] + bytes([before.leaves[-1] ^ 1]),
        "previous": "1" * 64,
        "digest": "2" * 64,
        "wrapped_key": chain.rows(select(SEALS.c.wrapped_key).where(SEALS.c.number == 1))[0][0],
        "mark": "3" * 64,
    }
    chain.mallory(change_seal(2, **{column: values[column]}))
    found = chain.verify()
    assert {seal for _, seal, _ in found} <= {2, 3}
    assert ("SEAL_FORGED" if column in {"mark", "wrapped_key"} else "SEAL_CHANGED", 2, None) in found
    assert {column.name for column in SEALS.c} - {"number"} == values.keys()


def test_a_seal_that_mallory_makes_anew_lacks_the_key(chain: Chain) -> None:
    """She changes an event and does all that the sealer does, as far as she can, with a master key of her own."""
    hers = MasterKeys("not the master key" * 3)
    one = chain.events(2)[0]
    chain.mallory(change(one, detail={"role": "owner"}))
    previous = digest_of(chain, 1)
    for number in (2, 3):
        rows = chain.rows(CONTENTS.where(EVENTS.c.seal_number == number))
        (row,) = chain.rows(select(SEALS).where(SEALS.c.number == number))
        made = AuditSeal(
            number=number,
            at=row.at,
            leaves=b"".join(map(leaf, rows)),
            previous=previous,
            digest="",
            mark="",
            wrapped_key=b"",
        )
        previous = sealing.digest(made)
        key = crypto.new_wrapped_key(hers)
        mark = crypto.mark(crypto.open_key(hers, key), previous)
        values = {"leaves": made.leaves, "previous": made.previous, "digest": previous, "mark": mark}
        chain.mallory(change_seal(number, wrapped_key=key, **values))
    assert chain.verify() == [("SEAL_FORGED", 2, None), ("SEAL_FORGED", 3, None)]


def test_a_value_made_unreadable_is_named_and_does_not_stop_the_search(chain: Chain) -> None:
    one, other, last = chain.events(2)[0], chain.events(2)[3], chain.events(3)[0]
    chain.mallory(
        change(one, event=literal("no.such_event", String)),
        change(other, detail={"role": 1e300}),
        change(last, detail=["not", "an", "object"]),
    )
    assert [(kind, event) for kind, _, event in chain.verify()] == [
        ("CHANGED", str(one)),
        ("CHANGED", str(other)),
        ("CHANGED", str(last)),
    ]


def test_an_event_that_nobody_can_read_is_sealed_all_the_same(chain: Chain) -> None:
    one = chain.events(None)[0]
    chain.mallory(change(one, event=literal("no.such_event", String), detail={"role": 1e300}))
    assert len(chain.seal()) == 1
    assert chain.verify() == []
