"""The real study's compliance and latency are what its own columns say; its prompts keep to a schedule of ours."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from itertools import pairwise
from statistics import quantiles
from typing import Any

import pytest

from api.core import db
from api.prompts.compliance import service
from api.prompts.compliance.checklist import cremas
from api.studies import service as studies
from schemas.compliance import Compliance, Figures, Grouping, Latency
from schemas.schedule import IntervalTiming, SignalTiming, minute_of
from tests.importers.files import plain_rows, real_folder
from tests.importers.house import House

Row = dict[str, Any]
MAIN, EVENING = "main_questionnaire", "evening_questionnaire"


@pytest.fixture(scope="module")
def planned() -> list[Row]:
    """The prompts that m-Path planned: one was answered twice, and its first row stands."""
    rows = [row for row in plain_rows(real_folder() / "mpath_basic.csv") if row["scheduledBeepId"] != "-1"]
    found: dict[tuple[Any, Any], Row] = {}
    for row in rows:
        found.setdefault((row["connectionId"], row["scheduledBeepId"]), row)
    assert (len(rows), len(found)) == (2_201, 2_200)
    return [*found.values()]


def report(house: House, by: Grouping) -> Compliance:
    with db.reading(house.engine) as session:
        return service.report(session, studies.get(session, house.study_id), by)


def seconds(rows: Iterable[Row], column: str) -> list[int]:
    answered = (row for row in rows if row["timeStampStart"])
    return [int(row[column]) - int(row["timeStampSent"]) for row in answered]


def latency(found: list[int]) -> tuple[int, list[float]]:
    return len(found), quantiles(found, method="inclusive") if len(found) > 1 else [float(found[0])] * 3


def quartiles(found: Latency) -> tuple[int, list[float | None]]:
    return found.prompts, [found.lower_quartile, found.median, found.upper_quartile]


def told(found: Figures) -> tuple[Any, ...]:
    numbers = found.planned, found.sent, found.opened, found.answered, found.missed, found.compliance
    return (*numbers, quartiles(found.to_opened), quartiles(found.to_answered))


def expected(rows: list[Row]) -> tuple[Any, ...]:
    sent = sum(row["timeStampSent"] not in {"", "0"} for row in rows)
    answered = sum(bool(row["timeStampStart"]) for row in rows)
    numbers = len(rows), sent, answered, answered, sent - answered, answered / sent
    return (*numbers, latency(seconds(rows, "timeStampStart")), latency(seconds(rows, "timeStampStop")))


def grouped(rows: Iterable[Row], *columns: str) -> Iterator[list[Row]]:
    groups: dict[tuple[Any, ...], list[Row]] = defaultdict(list)
    for row in rows:
        groups[tuple(row[column] for column in columns)].append(row)
    yield from groups.values()


def local(row: Row) -> datetime:
    """The stamp counts the seconds of the clock on the participant's wall."""
    return datetime.fromtimestamp(int(row["timeStampScheduled"]), UTC)


def last_day(rows: Iterable[Row]) -> date:
    return max(local(row).date() for row in rows if row["timeStampStart"])


def test_the_whole_study_agrees_with_its_columns(real: House, planned: list[Row]) -> None:
    found = report(real, Grouping.PARTICIPANT)
    assert found.total is not None
    assert told(found.total) == expected(planned)
    assert (found.total.answered, found.total.sent) == (1_392, 2_200)


def test_each_participant_agrees_with_their_rows(real: House, planned: list[Row]) -> None:
    found = [(*told(row.figures), row.last_answered_on) for row in report(real, Grouping.PARTICIPANT).rows]
    wanted = [(*expected(rows), last_day(rows)) for rows in grouped(planned, "connectionId")]
    assert len(found) == 20
    assert sorted(map(str, found)) == sorted(map(str, wanted))


def test_each_day_is_the_participants_own(real: House, planned: list[Row]) -> None:
    days: dict[date, list[Row]] = defaultdict(list)
    for row in planned:
        days[local(row).date()].append(row)
    wanted = {day: expected(rows)[:6] for day, rows in days.items()}
    found = {row.day: told(row.figures)[:6] for row in report(real, Grouping.DAY).rows}
    assert found == wanted
    assert len(found) > 30


def test_each_questionnaire_stands_for_the_schedule_that_nobody_knows(
    real: House, planned: list[Row]
) -> None:
    found = report(real, Grouping.SCHEDULE)
    wanted = {
        rows[0]["questionListName"].split("_")[0]: expected(rows)
        for rows in grouped(planned, "questionListName")
    }
    assert {row.kind: told(row.figures) for row in found.rows} == wanted
    assert {row.schedule for row in found.rows} == {None}
    assert "Prompts of no schedule are grouped by instrument and kind." in found.notes


def test_what_belongs_to_no_wave_says_so(real: House) -> None:
    found = report(real, Grouping.WAVE)
    assert all(row.wave is None and row.week and row.week >= 1 for row in found.rows)
    assert any("in no wave" in note for note in found.notes)
    assert sum(row.figures.planned for row in found.rows) == 2_200


def test_the_checklist_says_what_the_data_say_and_leaves_the_rest_to_the_team(real: House) -> None:
    with db.reading(real.engine) as session:
        found = cremas(session, studies.get(session, real.study_id))
    said = {(row.item, row.what): row.value for row in found.rows}
    assert said[13, "answered / sent"] == "0.6327"
    assert said[12, "sending to opening, median"] == "209.5"
    assert said[6, "days with a prompt per participant, median (range)"] == "10 (10 to 10)"
    assert said[8, "planned per participant and day, mean, on weekdays"] == "11"
    # How m-Path had planned them is not ours to say.
    assert said[4, "program"] is said[5, "number of waves"] is said[7, "strategy"] is None


def test_the_plan_that_the_rows_show_is_a_schedule_of_ours(planned: list[Row]) -> None:
    """Per protocol eleven prompts a day: ten at random moments, and an evening that is fixed."""
    of = {name: [row for row in planned if row["questionListName"] == name] for name in (MAIN, EVENING)}
    signal = SignalTiming(type="signal", prompts=10, opens="07:30", closes="22:00", minimum_gap=30)
    evening = IntervalTiming(type="interval", times=["22:10"])
    days: dict[tuple[Any, date], list[float]] = defaultdict(list)
    for row in of[MAIN]:
        at = local(row)
        days[row["connectionId"], at.date()].append(at.hour * 60 + at.minute + at.second / 60)
    assert Counter(map(len, days.values())) == {signal.prompts: 200}
    assert Counter(who for who, _ in days) == dict.fromkeys({who for who, _ in days}, 10)
    for times in map(sorted, days.values()):
        assert minute_of(signal.opens) <= times[0] <= times[-1] <= minute_of(signal.closes)
        assert min(later - earlier for earlier, later in pairwise(times)) >= signal.minimum_gap
    assert {f"{local(row):%H:%M:%S}" for row in of[EVENING]} == {f"{evening.times[0]}:00"}
    assert {(row["connectionId"], local(row).date()) for row in of[EVENING]} == days.keys()


def test_what_the_rows_do_not_keep_to(planned: list[Row]) -> None:
    """What a schedule of ours does not say, and what m-Path's rows do not hold."""
    main = [row for row in planned if row["questionListName"] == MAIN]
    # They are not uniform in the window: one in each of ten hours that begin every ninety minutes.
    blocks = Counter(divmod(local(row).hour * 60 + local(row).minute - 450, 90)[0] for row in main)
    within = [(local(row).hour * 60 + local(row).minute - 450) % 90 for row in main]
    assert blocks == dict.fromkeys(range(10), 200)
    assert max(within) == 60
    # Sending lags behind by seconds, and once by 24 minutes.
    lag = [int(row["timeStampSent"]) - int(row["timeStampScheduled"]) for row in planned]
    assert (min(lag), sorted(lag)[len(lag) // 2], max(lag)) == (1, 2, 1_436)
    # There is no sign of when a prompt expires: one was opened after 2 h 45 min, when others had come.
    assert max(seconds(planned, "timeStampStart")) == 9_952


def test_twice_answered_counts_once(real: House, planned: list[Row]) -> None:
    assert sum(bool(row["timeStampStart"]) for row in planned) == 1_392
    found = report(real, Grouping.SCHEDULE)
    assert sum(row.figures.answered for row in found.rows) == 1_392
