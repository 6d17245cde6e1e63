"""Counts prompts and measures latencies by whatever they are grouped by."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, NamedTuple

import polars as pl

from api.prompts.compliance.ledger import Outcome
from schemas.compliance import Figures, Latency
from schemas.prompt import SkipReason

Key = tuple[Any, ...]
_OUTCOMES = [one.value for one in Outcome if one != Outcome.SKIPPED]
_QUARTILES = {"lower_quartile": 0.25, "median": 0.5, "upper_quartile": 0.75}
_MEASURED = ("to_opened", "to_answered")
_IS_SENT = pl.col("is_sent")
_IS_ANSWERED = pl.col("outcome") == Outcome.ANSWERED.value


class Counted(NamedTuple):
    """A group, its figures, and the last day of a prompt in it that was answered."""

    key: Key
    figures: Figures
    last_answered_on: date | None


def figures(prompts: pl.DataFrame, keys: Sequence[pl.Expr]) -> Iterator[Counted]:
    """Yield the figures of each group, in the order of the keys."""
    named = [key.alias(f"key_{n}") for n, key in enumerate(keys)]
    names = [f"key_{n}" for n in range(len(named))]
    counted = prompts.group_by(named).agg(*_counts()).sort(names, nulls_last=True)
    for row in counted.iter_rows(named=True):
        yield Counted(tuple(row[name] for name in names), _made(row), row["last_answered_on"])


def total(prompts: pl.DataFrame) -> Figures:
    """Return the figures of all prompts; of none, if there are none."""
    return _made(prompts.select(*_counts()).row(0, named=True))


def ratio(part: int, whole: int) -> float | None:
    """Return a share, or None of nothing: never 0."""
    return part / whole if whole else None


def _counts() -> Iterator[pl.Expr]:
    what = pl.col("outcome")
    # The engine skips what was answered before it was due: it is an answer all the same.
    in_time = (what == Outcome.SKIPPED.value) & (pl.col("skipped") == SkipReason.ANSWERED.value)
    by_now = what.is_in([Outcome.ANSWERED.value, Outcome.ANSWERED_UNSENT.value]) | in_time.fill_null(
        value=False
    )
    yield pl.len().alias("planned")
    yield from (pl.col(f"is_{name}").sum().alias(name) for name in ("sent", "confirmed", "opened"))
    yield from ((what == one).sum().alias(one) for one in _OUTCOMES)
    for reason in SkipReason:
        skipped = (what == Outcome.SKIPPED.value) & (pl.col("skipped") == reason.value)
        yield skipped.sum().alias(f"skipped_{reason.value}")
    yield pl.col("participant").filter(_IS_SENT).n_unique().alias("participants_asked")
    yield pl.col("participant").filter(_IS_ANSWERED).n_unique().alias("participants_answering")
    yield pl.col("day").filter(by_now).max().alias("last_answered_on")
    for name in _MEASURED:
        seconds = pl.col(name)
        yield seconds.count().alias(name)
        # Hyndman and Fan's type 7, which R, numpy and Excel use.
        for quartile, at in _QUARTILES.items():
            yield seconds.quantile(at, interpolation="linear").alias(f"{name}_{quartile}")


def _made(row: dict[str, Any]) -> Figures:
    same = ("planned", "sent", "confirmed", "opened", *_OUTCOMES)
    people = ("participants_asked", "participants_answering")
    return Figures(
        **{name: row[name] for name in (*same, *people)},
        skipped={one: n for one in SkipReason if (n := row[f"skipped_{one.value}"])},
        compliance=ratio(row["answered"], row["sent"]),
        compliance_closed=ratio(row["answered"], row["answered"] + row["missed"]),
        to_opened=_latency(row, "to_opened"),
        to_answered=_latency(row, "to_answered"),
    )


def _latency(row: dict[str, Any], name: str) -> Latency:
    return Latency(prompts=row[name], **{quartile: row[f"{name}_{quartile}"] for quartile in _QUARTILES})
