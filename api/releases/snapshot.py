"""Step 1: one consistent view of what a release may hold."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import JsonValue
from sqlalchemy import Engine, Row, Select, or_, select
from sqlmodel import Session, col

from api.diary.models import Entry, EntryRevision
from api.instruments import service as instruments
from api.participants import profiles
from api.participants import service as participants
from api.releases.columns import Version
from api.studies import service as studies

PAGE = 2_000


@dataclass(frozen=True)
class Frozen:
    """Who and what a release holds; entries are read page by page through `session`."""

    session: Session
    study_id: UUID
    title: str
    starts_on: date
    cutoff: datetime
    versions: list[Version]
    attributes: dict[UUID, dict[str, JsonValue]]


@contextmanager
def frozen(engine: Engine, study_id: UUID, cutoff: datetime) -> Iterator[Frozen]:
    """Open a read transaction that sees one moment, on either database."""
    options: dict[str, Any] = {"reads_only": True}
    if engine.dialect.name == "postgresql":
        options["isolation_level"] = "REPEATABLE READ"
    with Session(engine.execution_options(**options)) as session:
        study = studies.get(session, study_id)
        sharing = participants.sharing(session, study_id, cutoff)
        yield Frozen(
            session=session,
            study_id=study_id,
            title=study.title,
            starts_on=study.starts_on or cutoff.date(),
            cutoff=cutoff,
            versions=[
                Version(row.id, instruments.parse(row))
                for row in instruments.versions(session, study_id, drafts=False)
            ],
            attributes=profiles.attributes(session, sorted(sharing)),
        )


def entries(view: Frozen) -> Iterator[list[tuple[Row[Any], bytes]]]:
    """Yield pages of entries and their content, by id: not embargoed, not kept out, of people who share."""
    query = _eligible(view)
    page = view.session.execute(query).all()
    while page:
        shared = [row for row in page if row.participant_id in view.attributes]
        contents = _contents(view, [row.id for row in shared])
        yield [(row, contents[row.id]) for row in shared]
        page = view.session.execute(query.where(col(Entry.id) > page[-1].id)).all()


def _contents(view: Frozen, ids: list[UUID]) -> dict[UUID, bytes]:
    """Return the content of each entry as it was at the cutoff."""
    # Two plain look-ups by key: a join of page and revisions made PostgreSQL read the whole table for every page.
    found = view.session.execute(
        select(col(EntryRevision.entry_id), col(EntryRevision.content))
        .where(col(EntryRevision.entry_id).in_(ids), col(EntryRevision.received_at) <= view.cutoff)
        .order_by(col(EntryRevision.version))
    )
    return {entry: content for entry, content in found}  # noqa: C416 - the last of an entry's versions stays


def _eligible(view: Frozen) -> Select[*tuple[Any, ...]]:
    return (
        select(
            col(Entry.id),
            col(Entry.participant_id),
            col(Entry.instrument_version_id),
            col(Entry.kind),
            col(Entry.happened_at),
            col(Entry.time_zone),
            col(Entry.local_date),
            col(Entry.entered_by),
            col(Entry.follows),
        )
        .where(
            col(Entry.study_id) == view.study_id,
            col(Entry.created_at) <= view.cutoff,
            col(Entry.keep_out).is_(False),
            or_(col(Entry.embargo_until).is_(None), col(Entry.embargo_until) <= view.cutoff.date()),
        )
        .order_by(col(Entry.id))
        .limit(PAGE)
    )
