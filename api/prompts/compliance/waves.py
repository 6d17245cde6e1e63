"""Tells which wave a prompt belongs to: the burst of its schedule in which its day lies.

A burst counts its days from the participant's first day in the schedule: their enrolment, or the schedule's start if
that is later. The bursts are those of the schedule as it is now.
"""

from collections.abc import Iterable
from datetime import date, timedelta

import polars as pl

from api.prompts.compliance.schedules import Known
from api.studies.models import Study

BEFORE = 0
"""The study week of what was planned before the study began."""


def wave(known: Iterable[Known]) -> pl.Expr:
    """Return the number of a prompt's wave, from 1; null for what lies in no burst."""
    found = pl.lit(None, dtype=pl.Int32)
    for one in known:
        number = _number(one.definition.starts_on)
        for n, burst in enumerate(one.definition.bursts, start=1):
            within = number.is_between(burst.from_day, burst.from_day + burst.days, closed="left")
            found = pl.when((pl.col("schedule") == str(one.id)) & within).then(n).otherwise(found)
    return found


def week(study: Study, of_wave: pl.Expr) -> pl.Expr:
    """Return the study week, from 1, of a prompt in no wave; weeks begin on Monday, as in releases."""
    began = study.starts_on or study.created_at.date()
    number = _since(began - timedelta(days=began.weekday())).floordiv(7) + 1
    return pl.when(of_wave.is_null()).then(number.clip(lower_bound=BEFORE))


def _number(starts_on: date | None) -> pl.Expr:
    """Return a day's number in a schedule, counted from 0 at the participant's first day in it."""
    enrolled = pl.col("number")
    return pl.min_horizontal(enrolled, _since(starts_on)) if starts_on else enrolled


def _since(first: date) -> pl.Expr:
    return (pl.col("day") - pl.lit(first)).dt.total_days()
