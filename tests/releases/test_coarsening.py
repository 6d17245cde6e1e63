"""Times and generalised answers become coarser, and never finer than they say."""

from datetime import UTC, date, datetime, time

import pytest

from api.releases.coarsening import local_time, rule_for, study_week, time_of_day
from schemas.questions import DateQuestion, NumberQuestion, Option, SingleChoiceQuestion, TimeQuestion

START = date(2026, 3, 25)  # a Wednesday
LABEL = {"en": "A question"}


@pytest.mark.parametrize(
    ("day", "week"),
    [
        (date(2026, 3, 22), "before"),
        (date(2026, 3, 23), "1"),
        (date(2026, 3, 29), "1"),
        (date(2026, 3, 30), "2"),
        (date(1999, 1, 1), "before"),
    ],
)
def test_weeks_begin_on_monday_and_count_from_one(day: date, week: str) -> None:
    assert study_week(day, START) == week


def test_a_day_has_six_parts() -> None:
    parts = [time_of_day(time(hour)) for hour in range(24)]
    assert parts == (
        ["night"] * 5 + ["early"] * 3 + ["morning"] * 4 + ["midday"] * 2 + ["afternoon"] * 4 + ["evening"] * 4
        + ["night"] * 2
    )  # fmt: skip


def test_the_time_is_the_participants_own() -> None:
    assert local_time(datetime(2026, 7, 1, 23, 30, tzinfo=UTC), "Europe/London") == time(0, 30)


def test_each_type_has_its_rule_or_is_withheld() -> None:
    plain = SingleChoiceQuestion(key="a", label=LABEL, options=[Option(value="x", label=LABEL)])
    above = plain.model_copy(update={"hierarchy": {"x": ["y"]}})
    day, clock = DateQuestion(key="b", label=LABEL), TimeQuestion(key="c", label=LABEL)
    number = NumberQuestion(key="d", label=LABEL)
    assert rule_for(plain).name is None
    assert rule_for(plain).cells("x", START) == [""]
    assert rule_for(above).cells("x", START) == ["y"]
    assert rule_for(day).cells("2026-04-06", START) == ["3"]
    assert rule_for(clock).cells("13:59", START) == ["midday"]
    assert rule_for(number).cells(2014, START) == ["2010 to 2019"]
    assert rule_for(number).cells(-3, START) == ["'-10 to -1"]
