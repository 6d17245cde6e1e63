"""How times and answers of class `generalise` become coarser in a release."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import polars as pl

from api.releases.tables import Kind
from schemas.questions import ChoiceBase, Question

BEFORE = 0
"""The study week or phase of what happened before the study began."""
PARTS = ("night", "early", "morning", "midday", "afternoon", "evening", "night")
_FROM_HOUR = (5, 8, 12, 14, 18, 22)
_WEEK = "study week"
_PHASE = "study phase"
_TIME = "time of day"
_BAND = "band of ten"
_LEVEL = "one level up"


def study_week(day: pl.Expr, starts_on: date) -> pl.Expr:
    """Return the number of a day's week in the study, counted from 1; weeks begin on Monday, 0 is before."""
    monday = starts_on - timedelta(days=starts_on.weekday())
    week = (day - pl.lit(monday)).dt.total_days().floordiv(7) + 1
    return week.clip(lower_bound=BEFORE).cast(pl.Int64)  # what has no day has no week


def study_phase(day: pl.Expr, starts_on: date, weeks: int) -> pl.Expr:
    """Return the number of a day's phase of so many weeks, counted from 1; 0 is before the study."""
    week = study_week(day, starts_on)
    return pl.when(week == BEFORE).then(BEFORE).otherwise((week - 1).floordiv(weeks) + 1).cast(pl.Int64)


def time_of_day(hour: pl.Expr) -> pl.Expr:
    """Return early (5-8), morning (-12), midday (-14), afternoon (-18), evening (-22) or night."""
    part = pl.lit(PARTS[0])
    for first, name in zip(_FROM_HOUR, PARTS[1:], strict=True):
        part = pl.when(hour >= first).then(pl.lit(name)).otherwise(part)
    return pl.when(hour.is_not_null()).then(part)


@dataclass(frozen=True)
class Rule:
    """How the answers to a question of class `generalise` are written; `name` is None: they are withheld."""

    name: str | None
    kind: Kind
    question: Question
    phase_weeks: int | None = None

    def applied(self, answer: pl.Expr, starts_on: date) -> pl.Expr:
        """Return the coarser answer."""
        match self.name:
            case "study week":
                return study_week(answer.str.head(10).str.to_date(strict=False), starts_on)
            case "study phase" if self.phase_weeks:
                return study_phase(answer.str.head(10).str.to_date(strict=False), starts_on, self.phase_weeks)
            case "time of day":
                return time_of_day(answer.str.head(2).cast(pl.Int8, strict=False))
            case "band of ten":
                low = (answer.floordiv(10) * 10).cast(pl.Int64)
                return pl.format("{} to {}", low, low + 9)
            case "one level up" if isinstance(self.question, ChoiceBase):
                above = {value: path[0] for value, path in (self.question.hierarchy or {}).items()}
                return answer.replace_strict(above, default=None, return_dtype=pl.String)
        return pl.lit(None, dtype=pl.String)


def rule_for(asked: Sequence[Question], phase_weeks: int | None = None) -> Rule:
    """Return the rule by which a question of class `generalise` is written, whichever version asked it.

    With `phase_weeks` an answer tells of a date no more than its phase, and of a time of day nothing, as the
    release tells of its entries.
    """
    latest = asked[-1]
    match latest.type:
        case "date" | "date_time":
            return Rule(_PHASE if phase_weeks else _WEEK, Kind.INTEGER, latest, phase_weeks)
        case "time" if not phase_weeks:
            return Rule(_TIME, Kind.CODE, latest)
        case "number" | "percentage" | "scale" | "duration":
            return Rule(_BAND, Kind.CODE, latest)
        case "single_choice" if latest.hierarchy and all(latest.hierarchy.values()):
            return Rule(_LEVEL, Kind.CODE, latest)
    return Rule(None, Kind.CODE, latest)
