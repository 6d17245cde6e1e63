"""No table holds something of a participant that an erasure forgets or an export does not tell.

A new table that leads to a participant fails here until its feature registers what it erases (`@erases` in
api/participants/withdrawal.py, or a line of `KEPT` there) and what it tells (`@tells` in api/participants/telling.py).
"""

from typing import Any

from sqlalchemy import select
from sqlmodel import col

from api.auth.models import Staff
from api.core import db
from api.instruments.models import InstrumentVersion
from api.participants import telling
from api.participants.withdrawal import KEPT
from api.prompts.models import PromptSchedule
from api.releases.models import Release
from api.webhooks.models import WebhookSource
from tests.meta.planting import canary, holders, plant
from tests.participants.test_withdrawal import withdraw
from tests.personas import Leader, World
from tests.searching import tables_with

SEALED = {"contact"}  # planted through the front door: what is encrypted must open
TOLD_OTHERWISE = {
    "contact": "leo@example.org",
    "device_code": '"device_codes": [\n{',
    "invitation": "used_at",
    "prompt_plan": '"reminders_version":1',
    "prompt_trigger": '"entries_to_look_back_at": [\n{',
    "push_subscription": "retired_at",
    "review_progress": '"sharing":false',
    "webhook_code": '"code":null',
    "text_placeholder": '"kind":"person","number":1',
}


def planted(world: World) -> tuple[Leader, dict[str, dict[str, Any]]]:
    """Leo, with a row in every table that could hold something of his."""
    leo = world.join()
    assert leo.put("/v1/me/contact", {"email": "leo@example.org"}).status_code == 204
    release = Release.__table__  # type: ignore[attr-defined] # SQLModel hides __table__
    source = WebhookSource.__table__  # type: ignore[attr-defined] # as above
    known: dict[str, dict[str, Any]] = {
        "study": {"id": world.study_id},
        "participant": {"id": leo.participant_id},
    }
    with db.transaction(world.engine) as session:
        version = session.execute(select(col(InstrumentVersion.id))).scalars().first()
        known["instrument_version"] = {"id": version}
        known["staff"] = {"id": session.execute(select(col(Staff.id))).scalars().first()}
        known["release"] = plant(session, world.settings, release, known)
        schedule = PromptSchedule(study_id=world.study_id, key="evening", seed="-", definition="{}")
        session.add(schedule)
        session.flush()
        known["prompt_schedule"] = {"id": schedule.id}
        known["webhook_source"] = plant(session, world.settings, source, known)
        for table in holders():
            if table.name not in SEALED:
                known[table.name] = plant(session, world.settings, table, known)
    return leo, known


def test_the_tables_that_hold_a_participant_are_found() -> None:
    names = {table.name for table in holders()}
    assert names >= {
        "contact",
        "consent",
        "device",
        "entry",
        "entry_revision",
        "entry_tombstone",
        "invitation",
    }
    assert names >= {"participant_attribute", "prompt", "release_participant", "withdrawal"}
    assert not names & {"study", "staff", "release", "instrument_version", "participant"}


def test_an_erasure_reaches_every_table_or_says_why_it_stays(world: World) -> None:
    leo, _ = planted(world)
    names = [table.name for table in holders()]
    before = tables_with(world.engine, *map(canary, names))
    assert sum(bool(tables) for tables in before.values()) > 6
    assert withdraw(leo, "erase").status_code == 200
    words = [*map(canary, names), str(leo.participant_id)]
    left = {table for tables in tables_with(world.engine, *words).values() for table in tables}
    assert left - KEPT.keys() == set(), "register an eraser, or say in KEPT why it stays"
    assert "participant" in left


def test_what_is_kept_is_kept(world: World) -> None:
    tables = {table.name for table in db.metadata().sorted_tables}
    assert KEPT.keys() <= tables
    assert "entry" not in KEPT
    assert all(len(reason) > 10 for reason in KEPT.values())


def test_an_export_tells_of_every_table(world: World) -> None:
    leo, known = planted(world)
    text = leo.get("/v1/me/export").text
    for table in holders():
        word = TOLD_OTHERWISE.get(table.name) or _evidence(table.name, known)
        assert word in text, f"register what {table.name} tells of a participant"
    for section in ("participant", "events"):
        assert f'"{section}": [' in text
    assert len(telling._tellers) > 10


def _evidence(name: str, known: dict[str, dict[str, Any]]) -> str:
    """Return what of a planted row must stand in the export: its words, or else whom it leads to."""
    row = known[name]
    if canary(name) in str(row.values()):
        return canary(name)
    ids = [
        str(value)
        for column, value in row.items()
        if column not in {"participant_id", "study_id"} and column.endswith("id")
    ]
    return ids[0]
