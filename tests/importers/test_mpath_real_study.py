"""The real study: every row accounted for, every answer as it was given, nobody's name anywhere."""

import json
import re
from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.importers.files import plain_rows, real_folder
from tests.importers.house import House
from tests.importers.words import given, option_labels, spoken

Rows = list[dict[str, Any]]


@pytest.fixture(scope="module")
def rows() -> Rows:
    return [*plain_rows(real_folder() / "mpath_basic.csv")]


def utc(stamp: str, offset: str) -> str:
    return datetime.fromtimestamp(int(stamp) - int(offset), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def test_the_file_holds_what_these_tests_say(rows: Rows) -> None:
    answered = [row for row in rows if row["timeStampStart"]]
    assert len(rows) == 2_221
    assert len({row["connectionId"] for row in rows}) == 20
    assert len(answered) == 1_413
    assert Counter(row["questionListName"] for row in answered) == {
        "main_questionnaire": 1_251,
        "evening_questionnaire": 142,
        "Consent and intake questionnaire": 20,
    }


def test_every_row_is_accounted_for(real: House) -> None:
    report = real.report
    assert report.accounted
    assert report.rows == 2_221
    assert {outcome.value: count for outcome, count in report.outcomes.items()} == {
        "entries made": 1_413,
        "missed prompts recorded": 808,
    }
    assert not report.refusals
    # The one blank text of the file: an empty answer is none.
    assert dict(report.lost) == {("stressful_description_open", "a blank text"): [802]}


def test_the_tables_hold_what_the_report_says(real: House) -> None:
    counts = real.counts()
    assert counts["participant"] == counts["consent"] == counts["device"] == 20
    assert counts["participant_attribute"] == 40
    assert counts["entry"] == counts["entry_revision"] == 1_413
    assert Counter(entry["kind"] for entry in real.rows("entry")) == {
        "main": 1_251,
        "evening": 142,
        "intake": 20,
    }
    # 2,201 planned rows; one beep was answered twice.
    assert Counter(prompt["status"] for prompt in real.rows("prompt")) == {"answered": 1_392, "expired": 808}
    assert real.report.facts["answers to a prompt answered before (all kept, as entries)"] == 1


def test_a_row_worked_out_by_hand_has_the_right_instants(real: House) -> None:
    # 1713514602 - 7200 s is 06:16:42 UTC, when it was 08:16:42 in Brussels; it was planned nine seconds before.
    (body,) = [body for _, body in real.entries() if body["happened_at"] == "2024-04-19T06:16:42Z"]
    assert body["made_at"] == body["finished_at"] == "2024-04-19T06:17:54Z"
    assert (body["time_zone"], body["utc_offset"], body["local_date"]) == (
        "Europe/Brussels",
        120,
        "2024-04-19",
    )
    (prompt,) = [row for row in real.rows("prompt") if str(row["id"]) == body["prompt_id"]]
    assert prompt["planned_at"] == datetime(2024, 4, 19, 6, 16, 33, tzinfo=UTC)
    assert prompt["sent_at"] == datetime(2024, 4, 19, 6, 16, 36, tzinfo=UTC)
    assert prompt["opened_at"] == datetime(2024, 4, 19, 6, 16, 42, tzinfo=UTC)
    assert prompt["answered_at"] == datetime(2024, 4, 19, 6, 17, 54, tzinfo=UTC)


def test_a_traveller_keeps_their_own_clock_and_their_own_day(real: House) -> None:
    # An evening answered after midnight, three hours ahead of UTC.
    (body,) = [body for _, body in real.entries() if body["happened_at"] == "2024-04-20T21:06:54Z"]
    assert (body["time_zone"], body["utc_offset"], body["local_date"]) == ("Etc/GMT-3", 180, "2024-04-21")
    assert Counter(body["time_zone"] for _, body in real.entries()) == {
        "Europe/Brussels": 1_362,
        "Etc/GMT-3": 51,
    }


def test_every_offset_is_its_zone_s_at_that_instant(real: House) -> None:
    from zoneinfo import ZoneInfo

    for _, body in real.entries():
        local = datetime.fromisoformat(body["happened_at"]).astimezone(ZoneInfo(body["time_zone"]))
        assert local.utcoffset() == timedelta(minutes=body["utc_offset"])
        assert local.date().isoformat() == body["local_date"]


def test_every_answer_of_every_person_is_the_file_s(real: House, rows: Rows) -> None:
    expected: dict[str, Counter[str]] = defaultdict(Counter)
    for row in rows:
        if row["timeStampStart"]:
            when = [utc(row[f"timeStamp{name}"], row["timeZoneOffset"]) for name in ("Start", "Stop")]
            expected[row["connectionId"]][json.dumps([*when, given(row)], sort_keys=True)] += 1
    labels = option_labels(real)
    stored: dict[str, Counter[str]] = defaultdict(Counter)
    for who, body in real.entries():
        found = [body["happened_at"], body["made_at"], spoken(body["answers"], labels)]
        stored[str(who)][json.dumps(found, sort_keys=True)] += 1
    assert sorted(map(sorted, stored.values())) == sorted(map(sorted, expected.values()))
    assert sum(counter.total() for counter in stored.values()) == 1_413


def test_gender_and_age_describe_people_and_leave_the_entries(real: House) -> None:
    attributes = Counter((row["key"], row["value"]) for row in real.rows("participant_attribute"))
    assert attributes["gender", "female"] == attributes["gender", "male"] == 10
    ages = [
        int(json.loads(str(row["age_open"])))
        for row in plain_rows(real_folder() / "mpath_basic.csv")
        if row["age_open"]
    ]
    assert attributes["age_band", "20_29"] == sum(20 <= age < 30 for age in ages)
    (stored,) = real.rows("disclosure_policy")
    assert stored["policy"]["quasi_identifiers"] == ["gender", "age_band"]
    (version,) = real.rows("instrument_version")
    classes = {q["key"]: q.get("disclosure") for q in json.loads(version["definition"])["questions"]}
    assert classes["intake_gender"] == classes["intake_age"] == classes["consent_yesno"] == "restricted"
    assert classes["gender"] == classes["age_band"] == "generalise"
    assert classes["context_location_other"] == classes["positive_description"] == "text"


def test_importing_twice_changes_nothing(real: House) -> None:
    before, told = real.counts(), real.everything()
    folder = real_folder()
    study_id, report = real.take((folder / "mpath_basic.csv", folder / "mpath_meta.csv"), sharing=True)
    assert study_id == real.study_id
    assert {outcome.value: count for outcome, count in report.outcomes.items()} == {
        "entries already there": 1_413,
        "missed prompts already there": 808,
    }
    assert not report.changed
    assert real.counts() == before
    assert sorted(real.everything().split("\n")) == sorted(told.split("\n"))


def test_nobody_s_name_in_m_path_is_anywhere_in_the_database(real: House, rows: Rows) -> None:
    words = set(re.findall(r"[0-9A-Za-z]+", real.everything()))
    assert "Brussels" in words  # the search finds what is there
    for column in ("connectionId", "alias", "initials", "accountCode", "scheduledBeepId", "sentBeepId"):
        names = {str(row[column]) for row in rows} - {"-1"}
        assert not words & names, column
    text = real.everything()
    for column in ("legacyCode", "code"):
        assert not [name for row in rows if (name := row[column]) and name in text], column
