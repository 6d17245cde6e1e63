"""The study's curve: who was still asked, and who still answered, so many days after their own enrolment."""

from collections import Counter
from collections.abc import Iterator

import polars as pl

from api.prompts.compliance.ledger import Outcome
from schemas.compliance import AttritionDay


def curve(prompts: pl.DataFrame) -> list[AttritionDay]:
    """Return for each day how many were sent, and how many answered, a prompt on that day or later.

    Day 0 is the day on which a participant enrolled; what was planned before counts to it. Who was never sent a prompt
    is not in the curve; it ends with the last day on which anybody was asked.
    """
    number = pl.col("number").clip(lower_bound=0)
    answered = number.filter(pl.col("outcome") == Outcome.ANSWERED.value)
    last = (
        prompts.filter("is_sent").group_by("participant").agg(number.max(), answered.max().alias("answered"))
    )
    return [*_still(Counter(last["number"]), Counter(last["answered"].drop_nulls()))]


def _still(asked: Counter[int], answering: Counter[int]) -> Iterator[AttritionDay]:
    left, still = asked.total(), answering.total()
    for day in range(max(asked, default=-1) + 1):
        yield AttritionDay(day=day, asked=left, answering=still)
        left, still = left - asked[day], still - answering[day]
