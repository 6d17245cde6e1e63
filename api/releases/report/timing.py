"""Measures what the times in a release give away, from its written entries."""

from pathlib import Path

import polars as pl

from api.releases.report import words
from api.releases.sdc.dates import singled_out_of
from schemas.disclosure import Dates
from schemas.report import ReportDates

KNOWN = 8
_MOST_DRAWS, _DRAWS_FOR_ALL = 20, 40_000
_COLUMNS: dict[Dates, tuple[str, ...]] = {
    "week": ("study_week",),
    "week_and_weekday": ("study_week", "weekday"),
    "phase": ("study_phase",),
}
_PART_OF_THE_DAY = "time_of_day"
_SCHEMA = dict.fromkeys(("participant", "time", "part"), pl.String)
_PIECES_AT_ONCE = 8


class WrittenTimes:
    """How many entries each participant has at each time and part of the day, as entries.csv tells it."""

    def __init__(self, precision: Dates) -> None:
        self.precision = precision
        time = pl.concat_str(_COLUMNS[precision], separator=" ", ignore_nulls=True)
        part = pl.lit("") if precision == "phase" else pl.col(_PART_OF_THE_DAY)
        self._key = (pl.col("participant"), time.alias("time"), part.alias("part"))
        self._counted: list[pl.DataFrame] = []

    def add(self, entries: pl.DataFrame) -> None:
        """Count some written entries; an empty cell is empty text."""
        self._counted.append(entries.group_by(*self._key).len())
        if len(self._counted) > _PIECES_AT_ONCE:
            self._counted = [self._total()]

    def of(self, people: pl.Series) -> pl.DataFrame:
        """Return the counts; a participant without any stands there once, with 0."""
        none = pl.DataFrame({"participant": people, "time": "", "part": ""}, schema=_SCHEMA)
        self._counted.append(none.with_columns(len=pl.lit(0, pl.UInt32)))
        return self._total()

    def _total(self) -> pl.DataFrame:
        return pl.concat(self._counted).group_by(*_SCHEMA).agg(pl.col("len").sum())


def measured_dates(times: WrittenTimes, seed: int, people: Path) -> ReportDates:
    """Return how a release tells dates and whom that singles out, with the part of the day and without."""
    precision = times.precision
    counted = times.of(pl.read_csv(people, columns=["participant"], infer_schema=False).to_series())
    days, moments = _by_person(counted, ["time"]), _by_person(counted, ["time", "part"])
    draws = max(1, min(_MOST_DRAWS, _DRAWS_FOR_ALL // max(len(days), 1)))
    return ReportDates(
        precision=precision,
        told=words.TOLD[precision],
        singled_out=singled_out_of(days, KNOWN, draws, seed),
        with_time_of_day=None if precision == "phase" else singled_out_of(moments, KNOWN, draws, seed),
        known=KNOWN,
        draws=draws,
        seed=seed,
        definition=words.DATES,
    )


def _by_person(counted: pl.DataFrame, named: list[str]) -> list[dict[str, int]]:
    """Return how often each participant, in the order of their pseudonyms, has each time, by its name."""
    names = pl.concat_str(named, separator=" ")
    many = counted.group_by("participant", name=names).agg(pl.col("len").sum()).sort("participant", "name")
    found: dict[str, dict[str, int]] = {}
    for person, name, count in many.iter_rows():
        mine = found.setdefault(person, {})
        if count:
            mine[name] = count
    return list(found.values())
