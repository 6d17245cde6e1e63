"""The same figures as CSV, as a checklist and on the command line."""

import csv
import io
import json
from datetime import timedelta
from typing import Any

from schemas.prompt import SkipReason
from tests.commands import daybook
from tests.personas import World
from tests.prompts.compliance.cases import MONDAY, answered, figures, missed, schedule, skipped, store


def rows_of(text: str) -> list[dict[str, str]]:
    return [*csv.DictReader(io.StringIO(text, newline=""))]


def test_the_csv_says_what_the_json_says(world: World) -> None:
    leo, _lena = world.join(), world.join()
    store(world, answered(world, leo), missed(world, leo), skipped(world, leo, SkipReason.AWAY))
    by_name = world.olivia.get(f"{world.path}/compliance.csv")
    asked = world.olivia.get(f"{world.path}/compliance?limit=1", headers={"Accept": "text/csv, */*;q=0.1"})
    assert by_name.headers["content-type"] == asked.headers["content-type"] == "text/csv; charset=utf-8"
    assert by_name.text == asked.text
    first, second = rows_of(by_name.text)
    told = figures(world.olivia, world)["rows"][0]
    assert first["participant_id"] == told["participant_id"] == str(leo.participant_id)
    assert (first["sent"], first["answered"], first["compliance"], first["skipped_away"]) == (
        "2",
        "1",
        "0.5",
        "1",
    )
    assert float(first["to_answered_median"]) == told["figures"]["to_answered"]["median"] == 65
    assert (second["planned"], second["compliance"], second["to_answered_median"]) == ("0", "", "")


def test_no_cell_is_a_formula(world: World) -> None:
    leo = world.join()
    store(world, answered(world, leo, kind="=1+1"), missed(world, leo, instrument="@sum"))
    rows = rows_of(world.olivia.get(f"{world.path}/compliance.csv?by=schedule").text)
    assert {(row["instrument"], row["kind"]) for row in rows} == {
        ("place_leadership_diary", "'=1+1"),
        ("'@sum", "moment"),
    }


def test_the_checklist_has_every_item_and_invents_nothing(world: World) -> None:
    leo = world.join()
    signal = {"type": "signal", "prompts": 5, "opens": "08:00", "closes": "20:00", "minimum_gap": 60}
    made = schedule(world, timing=signal, bursts=[{"from_day": 0, "days": 7}, {"from_day": 30, "days": 7}])
    store(world, answered(world, leo, schedule_id=made.id), missed(world, leo, schedule_id=made.id))
    found = world.olivia.get(f"{world.path}/compliance/cremas").json()["rows"]
    assert {row["item"] for row in found} == {*range(1, 17)}
    said = {row["what"]: (row["value"], row["source"]) for row in found}
    assert said["intended per day (moments)"] == ("5", "schedule")
    assert said["days of each wave (moments)"] == ("7, 7", "schedule")
    assert "5 between 08:00 and 20:00" in said["strategy (moments)"][0]
    assert said["answered / sent"] == ("0.5", "computed")
    assert said["program"] == ("Daybook", "computed")
    team = [row for row in found if row["source"] == "team"]
    assert all(row["value"] is None and row["note"].startswith("For the team to write") for row in team)
    assert {1, 2, 3, 14, 15, 16} <= {row["item"] for row in team}
    written = rows_of(world.olivia.get(f"{world.path}/compliance/cremas.csv").text)
    assert [row["what"] for row in written] == [row["what"] for row in found]


def test_the_checklist_of_an_empty_study_is_empty(world: World) -> None:
    found = world.olivia.get(f"{world.path}/compliance/cremas").json()["rows"]
    said = {row["what"]: row["value"] for row in found}
    assert (said["prompts planned"], said["answered / sent"], said["strategy"]) == ("0", None, None)


def test_the_operator_reads_the_same(world: World) -> None:
    leo = world.join()
    store(world, answered(world, leo), missed(world, leo, MONDAY + timedelta(hours=1)))

    def said(*words: Any) -> str:
        status, text = daybook(world.settings, "compliance", *words)
        assert status == 0, text
        return text

    study = world.study_id
    assert json.loads(said("show", study, "--json"))["total"]["compliance"] == 0.5
    (row,) = rows_of(said("show", study, "--by", "day", "--csv"))
    assert (row["day"], row["compliance"]) == ("2026-11-02", "0.5")
    assert str(leo.participant_id) in said("show", study)
    assert "For the team to write" in said("cremas", study)
    nudged = said("nudges", study, "--days", 1)
    assert f"{leo.participant_id}  last answered 2026-11-02" in nudged
    assert json.loads(said("nudges", study, "--json"))["nudges"][0]["participant_id"] == str(
        leo.participant_id
    )
