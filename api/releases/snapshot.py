"""Step 1: one consistent view of what a release may hold, read as columns."""

from collections.abc import Collection, Container, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime
from operator import attrgetter
from typing import Any
from uuid import UUID

import polars as pl
from pydantic import JsonValue
from sqlalchemy import ColumnElement, Engine, LargeBinary, Select, String, and_, func, select, type_coerce
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from api.core import plain
from api.diary.models import Entry, EntryRevision
from api.instruments import service as instruments
from api.participants import profiles
from api.participants import service as participants
from api.prompts.models import Prompt
from api.releases.controls import may_leave
from api.releases.paging import Page, pages
from api.releases.slots import Version
from api.studies import service as studies
from schemas.prompt import PromptStatus

_ENTRIES = {
    "id": pl.String(), "participant_id": pl.String(), "version_id": pl.String(), "kind": pl.String(),
    "happened_at": pl.Datetime("us", "UTC"), "time_zone": pl.String(), "local_date": pl.Date(),
    "entered_by": pl.String(), "quotable": pl.String(), "version": pl.Int64(), "follows": pl.String(),
    "follows_date": pl.Date(), "content": pl.String(),
}  # fmt: skip
_PROMPTS = {
    "id": pl.String(), "participant_id": pl.String(), "instrument": pl.String(), "kind": pl.String(),
    "time_zone": pl.String(), "planned_at": pl.Datetime("us", "UTC"), "sent_at": pl.Datetime("us", "UTC"),
    "opened_at": pl.Datetime("us", "UTC"), "answered_at": pl.Datetime("us", "UTC"), "status": pl.String(),
    "entry_id": pl.String(),
}  # fmt: skip


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
def frozen(
    engine: Engine, study_id: UUID, cutoff: datetime, told: Collection[str] | None = None
) -> Iterator[Frozen]:
    """Open a read transaction that sees one moment, on either database; of profiles only `told`, or None: all."""
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
            attributes=profiles.attributes_in_study(
                session, study_id, sorted(sharing, key=attrgetter("int")), told
            ),
        )


def only(view: Frozen, people: Container[UUID]) -> Frozen:
    """Return the same view of some of its people."""
    return replace(view, attributes={who: told for who, told in view.attributes.items() if who in people})


def count(view: Frozen) -> int:
    """Return how many entries the study has, at least as many as a release may hold."""
    found = select(func.count()).select_from(Entry).where(col(Entry.study_id) == view.study_id)
    return int(view.session.execute(found).scalar_one())


def entries(view: Frozen) -> Iterator[Page]:
    """Yield pages of the entries that the leaders let out, each as it was at the cutoff; ids are 32 hex digits."""
    current = col(EntryRevision.version) == col(Entry.version)
    yield from pages(
        view.session, _eligible(view, and_(current, col(EntryRevision.received_at) <= view.cutoff)), _ENTRIES
    )
    yield from pages(view.session, _eligible(view, _latest_of_the_edited_since(view)), _ENTRIES)


def prompts(view: Frozen) -> Iterator[pl.DataFrame]:
    """Yield pages of the prompts planned up to the cutoff; an answer that may not leave is not named."""
    answer = aliased(Entry)
    allowed = and_(col(answer.id) == col(Prompt.entry_id), may_leave(answer, view.cutoff))
    query = (
        select(
            plain.hex_of(view.session, col(Prompt.id)),
            plain.hex_of(view.session, col(Prompt.participant_id)),
            col(Prompt.instrument),
            col(Prompt.kind),
            col(Prompt.time_zone),
            col(Prompt.planned_at),
            col(Prompt.sent_at),
            col(Prompt.opened_at),
            col(Prompt.answered_at),
            type_coerce(col(Prompt.status), String()),
            plain.hex_of(view.session, col(answer.id)),
        )
        .select_from(Prompt)
        .outerjoin(answer, allowed)
        .where(col(Prompt.study_id) == view.study_id, col(Prompt.planned_at) <= view.cutoff)
    )
    cutoff = pl.lit(view.cutoff)
    stood = (
        pl.when(pl.col("answered_at") <= cutoff)
        .then(pl.lit(PromptStatus.ANSWERED.value))
        .when(pl.col("status") != PromptStatus.ANSWERED.value)
        .then(pl.col("status"))
        .when(pl.col("opened_at") <= cutoff)
        .then(pl.lit(PromptStatus.OPENED.value))
        .when(pl.col("sent_at") <= cutoff)
        .then(pl.lit(PromptStatus.SENT.value))
        .otherwise(pl.lit(PromptStatus.PLANNED.value))
    )
    for page in pages(view.session, query, _PROMPTS):
        yield page().with_columns(status=stood)


def _eligible(view: Frozen, of_the_cutoff: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    followed = aliased(Entry)
    return (
        select(
            plain.hex_of(view.session, col(Entry.id)),
            plain.hex_of(view.session, col(Entry.participant_id)),
            plain.hex_of(view.session, col(Entry.instrument_version_id)),
            col(Entry.kind),
            type_coerce(col(Entry.happened_at), String()),
            col(Entry.time_zone),
            type_coerce(col(Entry.local_date), String()),
            col(Entry.entered_by),
            col(Entry.quotable),
            col(EntryRevision.version),
            plain.hex_of(view.session, col(followed.id)),
            type_coerce(col(followed.local_date), String()),
            _readable(view),
        )
        .select_from(Entry)
        .join(EntryRevision, and_(col(EntryRevision.entry_id) == col(Entry.id), of_the_cutoff))
        .outerjoin(followed, and_(col(followed.id) == col(Entry.follows), may_leave(followed, view.cutoff)))
        .where(col(Entry.study_id) == view.study_id, may_leave(Entry, view.cutoff))
    )


def _latest_of_the_edited_since(view: Frozen) -> ColumnElement[bool]:
    newest, earlier = aliased(EntryRevision), aliased(EntryRevision)
    edited_since = (
        select(col(newest.entry_id))
        .where(
            col(newest.entry_id) == col(Entry.id),
            col(newest.version) == col(Entry.version),
            col(newest.received_at) > view.cutoff,
        )
        .exists()
    )
    latest = (
        select(func.max(earlier.version))
        .where(col(earlier.entry_id) == col(Entry.id), col(earlier.received_at) <= view.cutoff)
        .scalar_subquery()
    )
    return and_(edited_since, col(EntryRevision.version) == latest)


def _readable(view: Frozen) -> ColumnElement[Any]:
    """Return an entry's content as the driver reads it best: its bytes from SQLite, its text from PostgreSQL."""
    content = type_coerce(col(EntryRevision.content), LargeBinary())
    return content if plain.is_sqlite(view.session) else func.convert_from(content, "UTF8")
