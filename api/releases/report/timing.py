"""Measures what the times in a release give away, from its written entries."""

from pathlib import Path

import polars as pl

from api.releases.report import words
from api.releases.sdc.dates import singled_out
from schemas.disclosure import Dates
from schemas.report import ReportDates

KNOWN = 8
_MOST_DRAWS, _DRAWS_FOR_ALL = 20, 40_000
_COLUMNS: dict[Dates, tuple[str, ...]] = {
    "week": ("study_week",),
    "week_and_weekday": ("study_week", "weekday"),
    "phase": ("study_phase",),
}


def measured_dates(precision: Dates, seed: int, folder: Path) -> ReportDates:
    """Return how a release tells dates and what share of its people that singles out."""
    times = written_times(precision, folder)
    draws = max(1, min(_MOST_DRAWS, _DRAWS_FOR_ALL // max(len(times), 1)))
    return ReportDates(
        precision=precision,
        told=words.TOLD[precision],
        singled_out=singled_out(times, str, KNOWN, draws, seed),
        known=KNOWN,
        draws=draws,
        seed=seed,
        definition=words.DATES,
    )


def written_times(precision: Dates, folder: Path) -> list[list[str]]:
    """Return, for each participant, when each of their entries was, as entries.csv tells it."""
    people = pl.read_csv(folder / "participants.csv", columns=["participant"], infer_schema=False)
    written = pl.scan_csv(folder / "entries.csv", infer_schema=False)
    time = pl.concat_str(_COLUMNS[precision], separator=" ", ignore_nulls=True).alias("time")
    counted = written.group_by("participant", time).len().collect(engine="streaming")
    found: dict[str, list[str]] = {one: [] for one in sorted(people["participant"])}
    for person, when, many in counted.sort("participant", "time").iter_rows():
        found[person] += [when] * many
    return list(found.values())
