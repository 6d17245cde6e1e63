"""Loss, times and texts of a report, each recounted from what recipients and reviewers see."""

import csv
import io
from pathlib import Path

import pytest

from schemas.disclosure import Dates
from tests.personas import Leader, World
from tests.releases.report.test_figures import report
from tests.releases.report.test_recipients import disclosure
from tests.releases.report.written_dates import written_dates
from tests.releases.review.desk import JANE, Desk
from tests.releases.test_pipeline import ask, table


def test_loss_is_that_of_the_written_descriptions(world: World, leaders: list[Leader]) -> None:
    ask(world)
    people = table(world, "participants.csv")
    for one in report(world)["attributes"]:
        answer = world.olivia.get(f"{world.path}/hierarchies/{one['key']}")
        levels = list(zip(*csv.reader(io.StringIO(answer.text), delimiter=";"), strict=True))
        leaves = {label: level.count(label) for level in levels for label in set(level)}
        lost = [(leaves[row[one["key"]]] - 1) / (len(levels[0]) - 1) for row in people]
        assert one["loss"] == pytest.approx(sum(lost) / len(lost))
        assert [level["labels"] for level in one["levels"]] == [
            list(dict.fromkeys(level)) for level in levels
        ]
        assert {row[one["key"]] for row in people} - {"*"} <= set(one["levels"][one["level"]]["labels"])


@pytest.mark.parametrize(
    ("precision", "columns", "entries", "share", "with_part"),
    [
        ("week", "study_week,time_of_day", ["a,1,night", "b,2,night"], 2 / 3, 2 / 3),
        ("week", "study_week,time_of_day", ["a,1,night", "b,1,night"], 0, 0),
        ("week", "study_week,time_of_day", ["a,1,night", "b,1,early"], 0, 2 / 3),
        ("week", "study_week,time_of_day", ["a,1,", "b,1,early"], 0, 2 / 3),
        ("week", "study_week,time_of_day", ["a,1,night", "a,1,night", "b,1,night"], 1 / 3, 1 / 3),
        ("week", "study_week,time_of_day", ["a,1,early", "a,1,night", "b,1,night", "b,1,night"], 0, 2 / 3),
        ("week_and_weekday", "study_week,weekday,time_of_day", ["a,1,1,early", "b,1,2,early"], 2 / 3, 2 / 3),
        (
            "week_and_weekday",
            "study_week,weekday,time_of_day",
            ["a,1,11,early", "b,11,1,early"],
            2 / 3,
            2 / 3,
        ),
        ("phase", "study_phase", ["a,1", "b,1"], 0, None),
        ("phase", "study_phase", [], 0, None),
    ],
)
def test_who_is_singled_out_by_dates_is_counted_in_the_written_entries(
    tmp_path: Path, precision: Dates, columns: str, entries: list[str], share: float, with_part: float | None
) -> None:
    (tmp_path / "participants.csv").write_text("participant\r\na\r\nb\r\nc\r\n")
    (tmp_path / "entries.csv").write_text("\r\n".join([f"participant,{columns}", *entries, ""]))
    found = written_dates(precision, 1, tmp_path)
    assert found.singled_out == pytest.approx(share)
    assert found.with_time_of_day == (None if with_part is None else pytest.approx(with_part))


def test_texts_are_counted_by_where_they_stand(world: World, leaders: list[Leader]) -> None:
    desk = Desk(world)
    entry = desk.writes(JANE)
    assert desk.decide(desk.text(entry)).status_code == 200
    ask(world)
    texts = report(world)["texts"]
    assert (texts["exported"], texts["reviewed"], texts["unreviewed"]) == (1, 1, 16)
    [shown] = [row["headline"] for row in table(world, "entries.csv") if row["headline"]]
    assert {kind: shown.count(f"[{kind.upper()}") for kind in texts["redacted"]} == texts["redacted"]
    text = disclosure(world)
    assert "| in this release, as a person has reviewed them | fewer than 5, or none |" in text
    assert "| not reviewed, and withheld | 10 to 19 |" in text
    assert "Jane" not in text
