"""Measures what the times in a release give away, from its written entries."""

import csv
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import polars as pl

from api.releases.report import words
from api.releases.sdc.dates import singled_out_of
from api.releases.verification.structure import pieces
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
_KEY = ("participant", "time", "part")
_PIECES_AT_ONCE = 8


def measured_dates(precision: Dates, seed: int, folder: Path) -> ReportDates:
    """Return how a release tells dates and whom that singles out, with the part of the day and without."""
    counted = written_times(precision, folder)
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


def written_times(precision: Dates, folder: Path) -> pl.DataFrame:
    """Return how many entries each participant has at each time and part of the day, as entries.csv tells it.

    Who has none stands there once, with 0.
    """
    people = pl.read_csv(folder / "participants.csv", columns=["participant"], infer_schema=False)
    total = people.with_columns(time=pl.lit(""), part=pl.lit(""), len=pl.lit(0, pl.UInt32))
    found = _counted(precision, folder / "entries.csv")
    while some := list(islice(found, _PIECES_AT_ONCE)):
        total = pl.concat([total, *some]).group_by(_KEY).agg(pl.col("len").sum())
    return total


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


def _counted(precision: Dates, path: Path) -> Iterator[pl.DataFrame]:
    """Yield how many entries stand at each time, piece by piece: the whole file would be held in memory."""
    with path.open(encoding="utf-8", newline="") as file:
        header = next(csv.reader(file))
    time = pl.concat_str(_COLUMNS[precision], separator=" ", ignore_nulls=True).alias("time")
    part = (pl.lit("") if precision == "phase" else pl.col(_PART_OF_THE_DAY).fill_null("")).alias("part")
    for piece in pieces(path, len(header)):
        rows = pl.scan_csv(piece.content, has_header=False, schema=dict.fromkeys(header, pl.String))
        asked = rows.slice(1 if piece.first == 1 else 0).group_by("participant", time, part).len()
        yield asked.collect()  # it reads the columns that it needs
