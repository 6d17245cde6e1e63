"""Measures what the times in a release give away, from its written entries."""

import csv
from collections.abc import Iterator
from pathlib import Path

import polars as pl

from api.releases.report import words
from api.releases.sdc.dates import singled_out
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


def measured_dates(precision: Dates, seed: int, folder: Path) -> ReportDates:
    """Return how a release tells dates and whom that singles out, with the part of the day and without."""
    written = written_times(precision, folder)
    draws = max(1, min(_MOST_DRAWS, _DRAWS_FOR_ALL // max(len(written), 1)))
    days = [[day for day, _ in mine] for mine in written]
    named = {pair: " ".join(pair) for pair in {pair for mine in written for pair in mine}}
    moments = [[named[pair] for pair in mine] for mine in written]
    return ReportDates(
        precision=precision,
        told=words.TOLD[precision],
        singled_out=singled_out(days, str, KNOWN, draws, seed),
        with_time_of_day=None if precision == "phase" else singled_out(moments, str, KNOWN, draws, seed),
        known=KNOWN,
        draws=draws,
        seed=seed,
        definition=words.DATES,
    )


def written_times(precision: Dates, folder: Path) -> list[list[tuple[str, str]]]:
    """Return, for each participant, the time and part of the day of each of their entries, as entries.csv tells it."""
    people = pl.read_csv(folder / "participants.csv", columns=["participant"], infer_schema=False)
    counted = pl.concat(_counted(precision, folder / "entries.csv")).group_by(_KEY).agg(pl.col("len").sum())
    found: dict[str, list[tuple[str, str]]] = {one: [] for one in sorted(people["participant"])}
    for person, when, day_part, many in counted.sort(_KEY).iter_rows():
        found[person] += [(when, day_part)] * many
    return list(found.values())


def _counted(precision: Dates, path: Path) -> Iterator[pl.DataFrame]:
    """Yield how many entries stand at each time, piece by piece: the whole file would be held in memory."""
    with path.open(encoding="utf-8", newline="") as file:
        header = next(csv.reader(file))
    time = pl.concat_str(_COLUMNS[precision], separator=" ", ignore_nulls=True).alias("time")
    part = (pl.lit("") if precision == "phase" else pl.col(_PART_OF_THE_DAY).fill_null("")).alias("part")
    for piece in pieces(path, len(header)):
        read = pl.read_csv(piece.content, has_header=False, schema=dict.fromkeys(header, pl.String))
        yield read.slice(1 if piece.first == 1 else 0).group_by("participant", time, part).len()
