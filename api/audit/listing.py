"""Reads the audit, newest first, by an index for every filter."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, String, literal, or_, select, type_coerce
from sqlmodel import Session

from api.audit.content import EVENTS
from api.audit.events import Event
from api.core.problems import Invalid
from schemas.audit import AuditEventView, AuditPage, AuditQuery
from schemas.base import FieldError

_C = EVENTS.c
# The name as text: an event that a later version recorded must not stop an earlier one from reading.
_name = type_coerce(_C.event, String)
_COLUMNS = [column for column in _C if column.name not in {"event", "study_id"}]


@dataclass(frozen=True)
class Filter:
    """Which events are wanted."""

    study: UUID | None = None
    event: str | None = None
    actor: UUID | None = None
    object: UUID | None = None
    since: datetime | None = None
    until: datetime | None = None


def page(session: Session, study_id: UUID, asked: AuditQuery) -> AuditPage:
    """Return a page of a study's events, or raise Invalid for an unknown event or cursor."""
    if asked.event and asked.event not in {event.value for event in Event}:
        raise Invalid(errors=[_wrong("/event", "The audit knows no event of this name.")])
    wanted = Filter(study_id, asked.event, asked.actor, asked.object, asked.since, asked.until)
    rows = newest(session, wanted, asked.limit + 1, _place(session, study_id, asked.after))
    shown = [AuditEventView.model_validate(row._asdict()) for row in rows[: asked.limit]]
    return AuditPage(events=shown, next=shown[-1].id if len(rows) > len(shown) else None)


def newest(
    session: Session, wanted: Filter, limit: int, after: tuple[datetime, UUID] | None = None
) -> Sequence[Row[Any]]:
    """Return events, newest first, beginning after a place in that order."""
    return session.execute(_query(wanted, limit, after)).all()


def _query(wanted: Filter, limit: int, after: tuple[datetime, UUID] | None) -> Select[*tuple[Any, ...]]:
    query = select(_name.label("event"), *_COLUMNS).where(*_which(wanted), *_before(wanted.until, after))
    return query.order_by(_C.at.desc(), _C.id.desc()).limit(limit)


def _which(wanted: Filter) -> Iterator[ColumnElement[bool]]:
    if wanted.study:
        yield _C.study_id == wanted.study
    if wanted.event:
        yield _C.event == literal(wanted.event, String)
    if wanted.actor:
        yield _C.actor_id == wanted.actor
    if wanted.object:
        yield _C.object_id == wanted.object
    if wanted.since:
        yield _C.at >= wanted.since


def _before(until: datetime | None, after: tuple[datetime, UUID] | None) -> Iterator[ColumnElement[bool]]:
    # One upper bound, the tighter one: given two, SQLite takes the wrong index.
    if after and not (until and until <= after[0]):
        at, last = after  # the first half bounds the index; the second is for events of one instant
        yield _C.at <= at
        yield or_(_C.at < at, _C.id < last)
    elif until:
        yield _C.at < until


def _place(session: Session, study_id: UUID, after: UUID | None) -> tuple[datetime, UUID] | None:
    """Return where a cursor points; another study's event is as unknown as one that never was."""
    if after is None:
        return None
    found = session.execute(select(_C.at).where(_C.id == after, _C.study_id == study_id)).first()
    if found is None:
        raise Invalid(errors=[_wrong("/after", "This is not the `next` of a page of this audit.")])
    return found.at, after


def _wrong(pointer: str, message: str) -> FieldError:
    return FieldError(pointer=pointer, code="unknown", message=message)
