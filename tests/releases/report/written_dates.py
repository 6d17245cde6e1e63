"""The dates of a folder's entries.csv, measured as the making of a release does it."""

from pathlib import Path

import polars as pl

from api.releases.report.timing import WrittenTimes, measured_dates
from schemas.disclosure import Dates
from schemas.report import ReportDates


def written_dates(precision: Dates, seed: int, folder: Path) -> ReportDates:
    """Count the written entries, a few at a time, and measure."""
    times = WrittenTimes(precision)
    entries = pl.read_csv(folder / "entries.csv", infer_schema=False, empty_string_is_null=False)
    for some in entries.iter_slices(max(1, entries.height // 20)):
        times.add(some)
    return measured_dates(times, seed, folder / "participants.csv")
