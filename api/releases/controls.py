"""The leaders' own controls, in the one place that no export can pass by."""

from datetime import datetime
from typing import Any
from uuid import UUID

import polars as pl
from sqlalchemy import ColumnElement, Exists, and_, exists, or_, select
from sqlmodel import Session, col

from api.core import clock
from api.diary.models import Entry, EntryRevision, EntryTombstone
from api.participants.models import Participant

NOT_QUOTABLE = "no"
PARAPHRASE_ONLY = "paraphrase_only"


def may_leave(entry: type[Entry], cutoff: datetime) -> ColumnElement[bool]:
    """Return whether an entry may be in a release: there at the cutoff, not kept out, under no embargo."""
    return and_(
        col(entry.created_at) <= cutoff,
        col(entry.keep_out).is_(False),
        or_(col(entry.embargo_until).is_(None), col(entry.embargo_until) <= cutoff.date()),
    )


def held_back_since(session: Session, study_id: UUID, since: datetime) -> bool:
    """Say whether a leader has deleted an entry, or kept one back by an edit: what was read before may show it."""
    return bool(
        session.execute(select(or_(_deleted(study_id, since), _kept_back(study_id, since)))).scalar_one()
    )


def _deleted(study_id: UUID, since: datetime) -> Exists:
    return exists().where(*_changed(EntryTombstone, study_id, since), col(EntryTombstone.deleted_at) >= since)


def _kept_back(study_id: UUID, since: datetime) -> Exists:
    current = and_(
        col(EntryRevision.entry_id) == col(Entry.id), col(EntryRevision.version) == col(Entry.version)
    )
    return exists().where(
        *_changed(Entry, study_id, since),
        current,
        col(EntryRevision.received_at) >= since,
        or_(
            col(Entry.keep_out),
            col(Entry.embargo_until).is_not(None),
            col(Entry.quotable).in_([NOT_QUOTABLE, PARAPHRASE_ONLY]),
        ),
    )


def _changed(table: Any, study_id: UUID, since: datetime) -> tuple[ColumnElement[bool], ...]:
    """Return what the index finds quickly; a number may be ahead of the time, so that it proves nothing alone."""
    people = select(col(Participant.id)).where(col(Participant.study_id) == study_id)
    return col(table.participant_id).in_(people), col(table.change_seq) >= clock.microseconds(since)


def may_quote(quotable: pl.Expr, paraphrase: pl.Expr) -> pl.Expr:
    """Return whether a reviewed text may be in a release: `no` keeps every text in, and a leader who allows
    a paraphrase only is never quoted. Who was not asked has not said no.
    """
    allowed = quotable.fill_null("yes")
    return (allowed != NOT_QUOTABLE) & ((allowed != PARAPHRASE_ONLY) | paraphrase)
