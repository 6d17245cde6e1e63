"""Fills a database with many entries, quickly, and asks for a release of them."""

import random
import resource
from collections.abc import Iterator
from datetime import timedelta
from itertools import islice
from pathlib import Path
from typing import Any
from uuid import UUID

from fastapi.testclient import TestClient
from sqlalchemy import Connection, Table, insert, select, text

from api.audit.service import OPERATOR
from api.core import db
from api.core.config import Settings
from api.core.ids import new_id
from api.core.jobs import Jobs
from api.diary.models import Entry, EntryRevision
from api.main import create_app
from api.participants.models import Consent, Participant, ParticipantAttribute
from api.releases import service
from api.releases.models import Release
from api.studies import service as studies
from schemas.release import ReleaseCreate, ReleaseStatus
from tests.personas import PROFILE, World

SECTORS = ("local_gov", "central_gov", "university_he", "third_sector")
TEMPLATES = 40
JOINING = 300
AT_ONCE = 5_000
_ENTRY: Table = Entry.__table__  # type: ignore[attr-defined] # SQLModel hides __table__
_REVISION: Table = EntryRevision.__table__  # type: ignore[attr-defined] # as above
_PARTICIPANT: Table = Participant.__table__  # type: ignore[attr-defined] # as above
_CONSENT: Table = Consent.__table__  # type: ignore[attr-defined] # as above
_ATTRIBUTE: Table = ParticipantAttribute.__table__  # type: ignore[attr-defined] # as above


def fill(settings: Settings, entries: int, people: int) -> UUID:
    """Enrol people, let them make a few entries, and store many copies of those; return the study."""
    engine = db.make_engine(settings)
    with TestClient(create_app(settings), base_url="https://testserver") as client:
        world = World(client, engine, settings)
        leaders = [
            world.join(PROFILE | {"sector": SECTORS[n % len(SECTORS)]}) for n in range(min(people, JOINING))
        ]
        for leader in leaders[:TEMPLATES]:
            stored = leader.keeps()
            if stored.status_code != 201:
                raise RuntimeError(stored.text)
    who = [leader.participant_id for leader in leaders]
    with engine.begin() as connection:
        templates = [
            (
                dict(row),
                dict(
                    connection.execute(select(_REVISION).where(_REVISION.c.entry_id == row["id"]))
                    .mappings()
                    .one()
                ),
            )
            for row in connection.execute(select(_ENTRY)).mappings()
        ]
        who += _copied_people(connection, who, people - len(who))
    copies = _copies(templates, who, entries - len(templates))
    while some := list(islice(copies, AT_ONCE)):
        with engine.begin() as connection:
            connection.execute(insert(_ENTRY), [entry for entry, _ in some])
            connection.execute(insert(_REVISION), [revision for _, revision in some])
    with engine.begin() as connection:
        connection.execute(text("ANALYZE"))  # PostgreSQL does so within a minute, perhaps while we measure
    engine.dispose()
    return world.study_id


def ask(settings: Settings, study_id: UUID, purpose: str = "bench") -> Release:
    """Ask for a release; the same purpose twice is one release."""
    engine, jobs = db.make_engine(settings), Jobs(settings)
    with db.transaction(engine) as session:
        wanted = ReleaseCreate(recipient="bench", purpose=purpose)
        release = service.request(session, jobs, OPERATOR, studies.get(session, study_id), wanted)
    jobs.close()
    engine.dispose()
    return release


def status(settings: Settings, release_id: UUID) -> ReleaseStatus:
    """Say where a release stands."""
    engine = db.make_engine(settings)
    with db.reading(engine) as session:
        found = session.get_one(Release, release_id).status
    engine.dispose()
    return found


def resident() -> float:
    """Return this process's memory now, in MiB."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 2**20


def peak() -> float:
    """Return the most memory that this process has held, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _copied_people(connection: Connection, who: list[UUID], count: int) -> list[UUID]:
    """Store as many more participants, each with the consent and the profile of one who joined."""
    made = [new_id() for _ in range(count)]
    for table, theirs in ((_PARTICIPANT, "id"), (_CONSENT, "participant_id"), (_ATTRIBUTE, "participant_id")):
        found: dict[UUID, list[dict[str, Any]]] = {}
        for row in connection.execute(select(table)).mappings():
            found.setdefault(row[theirs], []).append(dict(row))
        rows = [
            row | {"id": new_id(), theirs: one}
            for number, one in enumerate(made)
            for row in found[who[number % len(who)]]
        ]
        for first in range(0, len(rows), AT_ONCE):
            connection.execute(insert(table), rows[first : first + AT_ONCE])
    return made


def _copies(
    templates: list[tuple[dict[str, Any], dict[str, Any]]], who: list[UUID], count: int
) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    chance = random.Random(1)  # noqa: S311 - a benchmark's data, not a secret
    for number in range(count):
        entry, revision = templates[number % len(templates)]
        made, earlier = new_id(), timedelta(minutes=chance.randrange(40_000))
        yield (
            entry
            | {
                "id": made,
                "participant_id": who[number % len(who)],
                "happened_at": entry["happened_at"] - earlier,
                "local_date": (entry["happened_at"] - earlier).date(),
                "change_seq": entry["change_seq"] + number + 1,
            },
            revision | {"entry_id": made},
        )
