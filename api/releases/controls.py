"""The leaders' own controls, in the one place that no export can pass by."""

from datetime import datetime

import polars as pl
from sqlalchemy import ColumnElement, and_, or_
from sqlmodel import col

from api.diary.models import Entry

NOT_QUOTABLE = "no"
PARAPHRASE_ONLY = "paraphrase_only"


def may_leave(entry: type[Entry], cutoff: datetime) -> ColumnElement[bool]:
    """Return whether an entry may be in a release: there at the cutoff, not kept out, under no embargo."""
    return and_(
        col(entry.created_at) <= cutoff,
        col(entry.keep_out).is_(False),
        or_(col(entry.embargo_until).is_(None), col(entry.embargo_until) <= cutoff.date()),
    )


def may_quote(quotable: pl.Expr, paraphrase: pl.Expr) -> pl.Expr:
    """Return whether a reviewed text may be in a release: `no` keeps every text in, and a leader who allows
    a paraphrase only is never quoted. Who was not asked has not said no.
    """
    allowed = quotable.fill_null("yes")
    return (allowed != NOT_QUOTABLE) & ((allowed != PARAPHRASE_ONLY) | paraphrase)
