"""What dates give away."""

from datetime import date, timedelta

import numpy as np
import pytest

from api.releases.sdc.dates import singled_out

MONDAY = date(2026, 9, 7)
DAYS = [MONDAY + timedelta(days=d) for d in range(26) if d % 7 < 5]


def week(day: date) -> str:
    return str((day - MONDAY).days // 7)


def leaders(people: int, share: float, seed: int) -> list[list[date]]:
    """Thirty leaders who answer on some of the twenty working days of four weeks."""
    random = np.random.default_rng(seed)
    return [[day for day in DAYS if random.random() < share] for _ in range(people)]


def test_eight_dates_single_out_half_of_thirty_leaders_and_weeks_nobody() -> None:
    diaries = leaders(30, 0.62, 1)
    assert 0.4 < singled_out(diaries, date.isoformat) < 0.66
    assert singled_out(diaries, week) < 0.01


def test_the_more_is_known_the_more_are_found() -> None:
    diaries = leaders(30, 0.62, 2)
    found = [singled_out(diaries, date.isoformat, known) for known in (1, 4, 8, 20)]
    assert found == sorted(found)
    assert found[0] == 0
    assert found[-1] > 0.9
    assert singled_out(diaries, lambda day: "phase 1", 4) == 0


def test_equal_diaries_hide_each_other_and_another_date_gives_away() -> None:
    same = [DAYS[:3]] * 5
    assert singled_out(same, date.isoformat, 3) == 0
    assert singled_out([*same, DAYS[:4]], date.isoformat, 4) == 1 / 6
    assert singled_out([DAYS[:1], DAYS[1:2]], date.isoformat) == 1


def test_several_entries_of_one_day_are_more_than_one() -> None:
    assert singled_out([[MONDAY] * 3, [MONDAY] * 2], week, 3) == 0.5


def test_nobody_and_somebody_without_entries() -> None:
    assert singled_out([], week) == 0
    assert singled_out([[], []], week) == 0
    assert singled_out([[MONDAY], []], week) == 0.5


def test_the_seed_decides() -> None:
    diaries = leaders(30, 0.62, 3)
    assert singled_out(diaries, date.isoformat, seed=7) == singled_out(diaries, date.isoformat, seed=7)
    with pytest.raises(ValueError, match="at least one draw"):
        singled_out(diaries, week, 0)
