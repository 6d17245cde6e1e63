"""The queue is paged, complete and cheap: rows come from entries by themselves, some entries at a time."""

import threading
import time
import tracemalloc
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import insert, text
from sqlmodel import col, func, select

from api.core import clock, db
from api.core.ids import new_id
from api.diary.models import Entry, EntryRevision
from api.instruments.models import InstrumentVersion
from api.releases.review import refresh
from api.releases.review.models import TextReview
from schemas.canonical import canonical
from tests.commands import daybook
from tests.personas import DECISION, World, entry_body
from tests.releases.review.desk import Desk
from tests.scanning import scanned


def import_entries(desk: Desk, number: int, participant: UUID) -> list[UUID]:
    """Put many entries of one participant straight into the tables."""
    with db.transaction(desk.world.engine) as session:
        version = session.exec(
            select(InstrumentVersion.id).where(
                InstrumentVersion.study_id == desk.world.study_id,
                InstrumentVersion.key == "place_leadership_diary",
            )
        ).one()
        now, ids = clock.now(), [new_id() for _ in range(number)]
        first = clock.microseconds(now + timedelta(days=1))
        entries = [
            {
                "id": one,
                "study_id": desk.world.study_id,
                "participant_id": participant,
                "instrument_version_id": version,
                "kind": "decision",
                "version": 1,
                "happened_at": now,
                "time_zone": "Europe/London",
                "local_date": now.date(),
                "entered_by": "self",
                "keep_out": False,
                "created_at": now,
                "change_seq": first + at,
            }
            for at, one in enumerate(ids)
        ]
        session.execute(insert(Entry), entries)
        revisions = [
            {
                "entry_id": one,
                "version": 1,
                "content_hash": "0" * 64,
                "content": canonical(entry_body(DECISION | {"headline": f"we met about {at}"})),
                "received_at": now,
            }
            for at, one in enumerate(ids)
        ]
        session.execute(insert(EntryRevision), revisions)
    return ids


def test_pages_are_whole_and_in_order(desk: Desk) -> None:
    lena = desk.world.join()
    for number in range(4):
        desk.writes(f"leo {number}")
        desk.writes(f"lena {number}", lena)
    seen, positions, after = [], [], None
    while True:
        page = desk.queue(limit=3, **({"after": after} if after else {}))
        assert page["counts"]["unreviewed"] == 8
        seen += [text["text"] for text in page["texts"]]
        positions += [text["position"] for text in page["texts"]]
        after = page["next"]
        if after is None:
            break
    assert sorted(seen) == sorted([*(f"leo {n}" for n in range(4)), *(f"lena {n}" for n in range(4))])
    assert positions == [*range(1, 9)]
    assert [text for text in seen if text.startswith("leo")] == [f"leo {n}" for n in range(4)]
    for limit in (0, 101, 10**20):
        assert desk.rita.get(desk.path, params={"limit": limit}).status_code == 422
    assert desk.rita.get(desk.path, params={"state": "gone"}).status_code == 422


def test_entries_already_looked_through_are_not_looked_at_again(desk: Desk) -> None:
    entry = desk.writes("once")
    assert desk.catch_up() == 0
    desk.edits(entry, "twice", base_version=1)
    assert desk.catch_up() == 0
    assert desk.text(entry)["text"] == "twice"


def test_the_chore_takes_turns_and_the_rest_comes_later(desk: Desk) -> None:
    import_entries(desk, refresh.PAGE * 3, desk.leo.participant_id)
    assert refresh.catch_up(desk.world.engine, desk.world.settings, desk.world.study_id, 0) == 1
    assert desk.counts().unreviewed == refresh.PAGE
    refresh.keep_up(desk.world.engine, desk.world.settings)
    assert desk.counts().unreviewed == refresh.PAGE * 3


def test_ten_thousand_entries_take_seconds_and_little_memory(desk: Desk) -> None:
    lena = desk.world.join()
    ids = import_entries(desk, 5_000, desk.leo.participant_id)
    import_entries(desk, 5_000, lena.participant_id)
    tracemalloc.start()
    began = time.monotonic()
    assert desk.catch_up() == 52  # a page more where the last was full
    took, (_, peak) = time.monotonic() - began, tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert took < 60
    assert peak < 20_000_000
    page = desk.queue(limit=100)
    assert (len(page["texts"]), page["counts"]["unreviewed"]) == (100, 10_000)
    deep = desk.queue(limit=2, after=page["texts"][-1]["id"])
    assert deep["texts"][0]["position"] == 101
    assert desk.exported(*ids) == []
    with db.reading(desk.world.engine) as session:
        places = session.exec(select(func.count()).select_from(TextReview)).one()
        assert places == session.exec(select(func.count(col(TextReview.entry_id).distinct()))).one() == 10_000


def test_two_who_look_through_at_once_make_each_row_once(desk: Desk) -> None:
    import_entries(desk, refresh.PAGE * 4, desk.leo.participant_id)
    failures: list[BaseException] = []

    def look() -> None:
        engine = db.make_engine(desk.world.settings)
        try:
            refresh.catch_up(engine, desk.world.settings, desk.world.study_id)
        except BaseException as error:  # noqa: BLE001 - told below
            failures.append(error)
        finally:
            engine.dispose()

    threads = [threading.Thread(target=look) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert failures == []
    assert desk.counts().unreviewed == refresh.PAGE * 4


def test_a_sentence_of_the_operator(desk: Desk) -> None:
    entry = desk.writes("saw Ann Archer", learning="more")
    desk.decided(desk.text(entry))
    desk.leo.keeps(answers=DECISION | {"headline": "not looked through yet"})
    status, said = daybook(desk.world.settings, "review", desk.world.study_id)
    assert status == 0, said
    assert "1 reviewed" in said
    assert "2 unreviewed" in said
    assert "person: 1" in said
    assert "Ann" not in said
    status, said = daybook(desk.world.settings, "review", new_id())
    assert status == 1
    other = World(desk.world.client, desk.world.engine, desk.world.settings, "Another")
    assert "0 unreviewed" in daybook(desk.world.settings, "review", other.study_id)[1]


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)  # the plans of SQLite
def test_only_the_entries_of_a_page_are_read(desk: Desk) -> None:
    entry = desk.writes("we met")
    import_entries(desk, 3_000, desk.leo.participant_id)
    with db.transaction(desk.world.engine) as session:
        session.execute(text("ANALYZE"))  # what it knows of large tables decides how it reads them
    with scanned("entry", "entry_revision") as found:
        assert desk.catch_up() > 1
        assert desk.decide(desk.text(entry)).status_code == 200
        desk.edits(entry, "we met once more", base_version=1)
        assert len(desk.queue("edited")["texts"]) == 1
    assert found == []
