"""Eve knows when a leader decided something, and looks for the one whose diary agrees."""

from collections import Counter
from collections.abc import Callable
from datetime import date, datetime
from random import Random

import polars as pl
import pytest

from api.releases import deidentify, slots
from api.releases.coarsening import rule_for
from api.releases.pseudonyms import ALPHABET, Scope
from tests.attacks.attacker import Held, Row
from tests.attacks.diaries import PEOPLE, WEEKS, Diaries, candidates

KNOWN, DRAWS = 8, 20


def singled_out(
    diaries: Diaries, held: Held, told: Callable[[datetime], tuple[str, ...]], *columns: str
) -> float:
    """Return how often eight true moments of a leader leave one candidate; `told` is what a row says of one."""
    chance, rows = Random(4), held.table("entries")
    pseudonyms = {diaries.owner(row): row["participant"] for row in rows}
    assert len(pseudonyms) == PEOPLE
    found = 0
    for number, moments in diaries.moments.items():
        for _ in range(DRAWS):
            known = Counter(told(at) for at in chance.sample(moments, min(KNOWN, len(moments))))
            left = candidates(rows, known, list(columns))
            assert pseudonyms[number] in left  # what Eve knows is true
            found += len(left) == 1
    return found / (PEOPLE * DRAWS)


def test_eight_dates_single_out_nobody_in_weeks_and_a_quarter_of_them_in_days(
    diaries: Diaries, monkeypatch: pytest.MonkeyPatch
) -> None:
    def week(at: datetime) -> tuple[str, ...]:
        return (str((at.date() - diaries.monday).days // 7 + 1),)

    def day(at: datetime) -> tuple[str, ...]:
        return (str((at.date() - diaries.monday).days),)

    assert singled_out(diaries, diaries.scene.given(), week, "study_week") < 0.01

    def days_since(when: pl.Expr, starts_on: date) -> pl.Expr:
        return (when - pl.lit(starts_on)).dt.total_days()

    monkeypatch.setattr(deidentify, "study_week", days_since)
    assert singled_out(diaries, diaries.scene.given(), day, "study_week") > 0.2


def test_an_open_release_tells_the_phase_of_an_entry_and_of_every_date_in_it(
    diaries: Diaries, monkeypatch: pytest.MonkeyPatch
) -> None:
    def told() -> list[set[str]]:
        rows = diaries.scene.given(tier="open").table("entries")
        assert not {"study_week", "weekday", "time_of_day"} & rows[0].keys()
        return [{row[name] for row in rows} for name in ("study_phase", "date_generalise", "time_generalise")]

    assert told() == [{"1"}, {"1"}, {""}]
    monkeypatch.setattr(slots, "rule_for", lambda asked, _: rule_for(asked))
    phases, weeks, parts = told()
    assert (len(phases), len(weeks), len(parts)) == (1, WEEKS, 5)


def correlation(rows: list[Row], value: Callable[[Row], object]) -> float:
    """Return Spearman's rank correlation of the order of rows with something else."""
    order = sorted(range(len(rows)), key=lambda place: value(rows[place]))  # type: ignore[arg-type,return-value] # it can be ordered
    ranks = pl.Series(range(len(rows))).gather(pl.Series(order).arg_sort())
    return float(pl.select(pl.corr(pl.Series(range(len(rows))), ranks)).item())


def test_the_order_of_rows_tells_nothing_of_time_and_would_if_pseudonyms_did(
    diaries: Diaries, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = diaries.scene.given().table("entries")
    chance = 6 / len(rows) ** 0.5  # six standard deviations of what no order has
    assert abs(correlation(rows, diaries.moment)) < chance
    assert [row["entry"] for row in rows] == sorted(row["entry"] for row in rows)

    monkeypatch.setattr(Scope, "entries", lambda _, ids: ids.map_elements(_in_order, pl.String))
    assert correlation(diaries.scene.given().table("entries"), diaries.moment) > 0.9


def _in_order(identifier: str) -> str:
    """Return an id in the letters of pseudonyms, in the order of ids: a UUID of version 7 begins with its time."""
    bits = int(identifier.replace("-", ""), 16)
    return "".join(ALPHABET[bits >> shift & 31] for shift in range(125, -5, -5))
