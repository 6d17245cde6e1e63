"""Real functions of the diary with one fault each: the model must find every one."""

from collections.abc import Callable, Collection
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Connection

from api import main
from api.diary import decide, known
from api.diary.known import Known, KnownEntry
from api.diary.operations import Applied, Put
from api.diary.store import Changes
from tests.journeys.broken_server import EarlyWriter

_put = decide._put
_stored = known._stored


def _last_write_wins(known: Known, changes: Changes, put: Put, entry: KnownEntry | None) -> Applied:
    if entry is not None:
        put = _copy(put, entry=put.entry.model_copy(update={"base_version": entry.version}))
    return _put(known, changes, put, entry)


def _no_dedupe(known: Known, changes: Changes, put: Put, entry: KnownEntry | None) -> Applied:
    if entry is None or put.content_hash not in {given.content_hash for given in entry.receipts}:
        return _put(known, changes, put, entry)
    entry.version += 1
    changes.edit(put, entry.version, known.next_change(put.principal.participant_id))
    return decide._accept(known, changes, put, entry, status=200)


def _hash_ignored(known: Known, changes: Changes, put: Put, entry: KnownEntry | None) -> Applied:
    return _put(known, changes, put, entry) if entry is None else Applied(200, entry.receipts[-1])


def _forgetful(
    connection: Connection, ids: Collection[UUID]
) -> tuple[dict[UUID, KnownEntry], dict[UUID, UUID]]:
    return _stored(connection, ids)[0], {}


def _copy(put: Put, **changes: Any) -> Put:
    return Put(**(vars(put) | changes))


Mutant = Callable[[pytest.MonkeyPatch], None]
MUTANTS: dict[str, Mutant] = {
    "last write wins": lambda patch: patch.setattr(decide, "_put", _last_write_wins),
    "no dedupe": lambda patch: patch.setattr(decide, "_put", _no_dedupe),
    "resurrected entry": lambda patch: patch.setattr(known, "_stored", _forgetful),
    "acknowledged before commit": lambda patch: patch.setattr(main, "Writer", EarlyWriter),
    "hash ignored": lambda patch: patch.setattr(decide, "_put", _hash_ignored),
}
