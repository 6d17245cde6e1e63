"""Times and generalised answers become coarser, and never finer than they say."""

from datetime import UTC, date, datetime
from zoneinfo import available_timezones

import polars as pl
import pytest
from pydantic import JsonValue

from api.releases.coarsening import Rule, rule_for, study_phase, study_week, time_of_day
from api.releases.deidentify import on_own_clock
from schemas.questions import DateQuestion, NumberQuestion, Option, SingleChoiceQuestion, TimeQuestion

START = date(2026, 3, 25)  # a Wednesday
LABEL = {"en": "A question"}


@pytest.mark.parametrize(
    ("day", "week"),
    [
        (date(2026, 3, 22), 0),
        (date(2026, 3, 23), 1),
        (date(2026, 3, 29), 1),
        (date(2026, 3, 30), 2),
        (date(1999, 1, 1), 0),
    ],
)
def test_weeks_begin_on_monday_and_count_from_one(day: date, week: int) -> None:
    assert pl.select(study_week(pl.lit(day), START)).item() == week


def test_phases_are_whole_weeks_and_count_from_one() -> None:
    days = pl.Series([date(2026, 3, 22), date(2026, 3, 23), date(2026, 6, 21), date(2026, 6, 22)])
    assert pl.select(study_phase(pl.lit(days), START, 13)).to_series().to_list() == [0, 1, 1, 2]


def test_no_day_has_no_week_and_no_phase() -> None:
    nothing = pl.lit(None, dtype=pl.Date)
    assert pl.select(study_week(nothing, START)).item() is None
    assert pl.select(study_phase(nothing, START, 13)).item() is None


def test_where_entries_tell_their_phase_no_answer_tells_more() -> None:
    day, clock = DateQuestion(key="b", label=LABEL), TimeQuestion(key="c", label=LABEL)
    rule = rule_for([day], phase_weeks=13)
    assert (rule.name, told(rule, "2026-04-06"), told(rule, "2026-06-22")) == ("study phase", 1, 2)
    assert rule_for([clock], phase_weeks=13).name is None


def test_a_day_has_six_parts() -> None:
    parts = pl.select(time_of_day(pl.lit(pl.Series(range(24))))).to_series().to_list()
    assert parts == (
        ["night"] * 5 + ["early"] * 3 + ["morning"] * 4 + ["midday"] * 2 + ["afternoon"] * 4 + ["evening"] * 4
        + ["night"] * 2
    )  # fmt: skip


def test_the_time_is_the_participants_own() -> None:
    rows = {
        "at": [datetime(2026, 7, 1, 23, 30, tzinfo=UTC)] * 2,
        "time_zone": ["Europe/London", "Asia/Tokyo"],
    }
    local = on_own_clock(pl.DataFrame(rows), "at")["local"].to_list()
    assert local == [datetime(2026, 7, 2, 0, 30), datetime(2026, 7, 2, 8, 30)]  # noqa: DTZ001 - their own clocks


def test_every_zone_that_a_phone_may_name_is_known() -> None:
    zones = sorted(available_timezones())
    frame = pl.DataFrame({"at": [datetime(2026, 7, 1, tzinfo=UTC)] * len(zones), "time_zone": zones})
    assert on_own_clock(frame, "at")["local"].null_count() == 0


def told(rule: Rule, answer: JsonValue) -> object:
    return pl.select(rule.applied(pl.lit(answer), START)).item()


def test_each_type_has_its_rule_or_is_withheld() -> None:
    plain = SingleChoiceQuestion(key="a", label=LABEL, options=[Option(value="x", label=LABEL)])
    above = plain.model_copy(update={"hierarchy": {"x": ["y"]}})
    day, clock = DateQuestion(key="b", label=LABEL), TimeQuestion(key="c", label=LABEL)
    number = NumberQuestion(key="d", label=LABEL)
    assert rule_for([plain]).name is None
    assert told(rule_for([plain]), "x") is None
    assert told(rule_for([above]), "x") == "y"
    assert told(rule_for([day]), "2026-04-06") == 3
    assert told(rule_for([clock]), "13:59") == "midday"
    assert told(rule_for([number]), 2014.0) == "2010 to 2019"
    assert told(rule_for([number]), -3.0) == "-10 to -1"
