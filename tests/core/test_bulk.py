"""Many rows stored at once, in the session's own transaction."""

import json
from collections.abc import Iterable

import pytest
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from api.core import bulk, clock, db
from api.core.ids import new_id
from api.releases.models import Release, ReleaseParticipant
from tests.personas import World

ODD = {"sector": 'a "b"\t\\c\nd', "country": "Åland"}


def _released(world: World) -> Release:
    release = Release(
        study_id=world.study_id, number=1, tier="safeguarded", recipient="R", purpose="P", policy={},
        cutoff=clock.now(), seed="s",
    )  # fmt: skip
    with db.transaction(world.engine) as session:
        session.add(release)
    return release


def _store(session: Session, rows: Iterable[tuple[str | int | None, ...]]) -> None:
    bulk.store(session, "release_participant", ["release_id", "participant_id", "shown"], rows)


def test_rows_are_stored_as_the_library_reads_them(world: World) -> None:
    release, lena, leo = _released(world), world.join().participant_id, world.join().participant_id
    with db.transaction(world.engine) as session:
        _store(session, [(release.id.hex, lena.hex, json.dumps(ODD)), (release.id.hex, leo.hex, None)])
        _store(session, [])
    with db.reading(world.engine) as session:
        rows = session.exec(select(ReleaseParticipant).order_by(col(ReleaseParticipant.participant_id))).all()
    assert {row.participant_id: row.shown for row in rows} == {lena: ODD, leo: None}


def test_rows_go_with_the_transaction_that_fails(world: World) -> None:
    release, lena = _released(world), world.join().participant_id
    with pytest.raises(ZeroDivisionError):
        _store_and_fail(world, (release.id.hex, lena.hex, "{}"))
    with db.reading(world.engine) as session:
        assert session.exec(select(ReleaseParticipant)).all() == []


def _store_and_fail(world: World, row: tuple[str, ...]) -> None:
    with db.transaction(world.engine) as session:
        _store(session, [row])
        raise ZeroDivisionError


def test_a_row_of_nobody_is_refused_as_the_library_refuses_it(world: World) -> None:
    release = _released(world)
    with pytest.raises(IntegrityError), db.transaction(world.engine) as session:
        _store(session, [(release.id.hex, new_id().hex, "{}")])
