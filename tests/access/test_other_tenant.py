"""What belongs to another study, or to another participant, is to nobody told from what does not exist."""

from collections.abc import Iterator

import pytest
import time_machine
from fastapi import FastAPI
from sqlalchemy import Uuid

from api.core import clock, db
from tests.access.conftest import Pair
from tests.access.positions import ETAGS, Position, positions
from tests.access.sweep import MAKES_ENTRIES, UUIDS, Sweep, Told, nowhere
from tests.access.tenant import Tenant
from tests.meta.shape import contents

# Tables of which nothing is a study's own.
OF_NO_STUDY = {"attempt"}


@pytest.fixture(scope="module")
def sweep(tenants: Pair) -> Iterator[Sweep]:
    """Give the other tenant a second release, and stop the clock: answers may differ by nothing."""
    ours, theirs = tenants
    theirs.release()
    with time_machine.travel(clock.now(), tick=False):
        yield Sweep(ours, theirs)


def test_what_is_anothers_does_not_exist(sweep: Sweep) -> None:
    assert lacking(sweep.tenant) == lacking(sweep.other) == set(), "Put one into tests/access/tenant.py."
    # What makes entries comes last: they would be in the answers to others.
    found = sorted(all_positions(sweep), key=MAKES_ENTRIES.__contains__)
    exercised: set[Position] = set()
    told_apart: list[tuple[Position, str, str]] = []
    taken: dict[Position, set[Told]] = {position: set() for position in MAKES_ENTRIES}
    before = rows_of(sweep.other)
    for salt, position in enumerate(found, 1):
        for kind, value in sweep.foreign(position).items():
            anothers = sweep.told(sweep.ask(position, value), value)
            missing = nowhere(value, salt)
            nobodys = sweep.told(sweep.ask(position, missing), missing)
            exercised.add(position)
            if position in MAKES_ENTRIES:
                taken[position].add(anothers)
            elif anothers != nobodys:
                told_apart.append((position, kind, difference(anothers, nobodys)))
    assert told_apart == []
    for position, told in taken.items():
        assert len(told) == 1, (position, told)
        assert '"status":404' in told.pop()[1]
    assert exercised == set(found)
    assert len(exercised) > 45
    assert before <= rows_of(sweep.other)


def difference(anothers: Told, nobodys: Told) -> str:
    """Return what of two answers differs, shortened."""
    pairs = zip((*anothers[:2], *anothers[2]), (*nobodys[:2], *nobodys[2]), strict=False)
    return str([(str(one)[:300], str(other)[:300]) for one, other in pairs if one != other])


def lacking(tenant: Tenant) -> set[str]:
    """Return the tables of which a tenant holds no object."""
    tables = {
        table.name
        for table in db.metadata().sorted_tables
        if any(isinstance(column.type, Uuid) and column.primary_key for column in table.columns)
    }
    assert len(tables) > 15
    return tables - {row.split(" ")[0] for row in rows_of(tenant)} - OF_NO_STUDY


def rows_of(tenant: Tenant) -> set[str]:
    """Return the rows of every table that name an object of a tenant."""
    objects = {*map(str, tenant.objects)}
    return {
        f"{name} {row}"
        for name, rows in contents(tenant.engine).items()
        for row in rows
        if not objects.isdisjoint(UUIDS.findall(row))
    }


def all_positions(sweep: Sweep) -> Iterator[Position]:
    """Walk the positions that the document lists, and the conditions that it does not."""
    app = sweep.tenant.client.app
    assert isinstance(app, FastAPI)
    document = app.openapi()
    yield from positions(document)
    for path, operations in document["paths"].items():
        if "get" in operations:
            sound = Position(f"GET {path}", "", "")
            if "ETag" in sweep.ask(sound, "").headers:
                yield from (Position(sound.route, "header", name) for name in ETAGS)
