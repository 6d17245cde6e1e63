"""Importing again: a later export, people who left, entries that were edited since."""

import json
from collections import Counter
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from api.audit.service import OPERATOR
from api.core import db
from api.core.problems import Conflict
from api.instruments import shipped
from api.participants import withdrawal
from api.studies import service as studies
from api.studies.problems import StudyNotOpen
from schemas.participant import WithdrawalScope
from schemas.study import StudyCreate, StudyStatus
from scripts.cli.documents import CONSENT, INFORMATION
from scripts.importers.mpath.person import CHANGED
from tests.importers.files import beep, choice, intake, two_people, write
from tests.importers.house import House

HOME = choice("place", "1", '"At home"')


def outcomes(report: Any) -> dict[str, int]:
    return {outcome.value: count for outcome, count in report.outcomes.items()}


def test_a_small_study_comes_in_whole(house: House, tmp_path: Path) -> None:
    study_id, report = house.take(write(tmp_path, two_people()))
    assert outcomes(report) == {"entries made": 5, "missed prompts recorded": 1}
    (study,) = house.rows("study")
    assert (study["id"], study["title"], study["status"]) == (study_id, "small", "open")
    assert (study["time_zone"], str(study["starts_on"])) == ("Europe/Brussels", "2024-04-19")
    answers = [body["answers"] for _, body in house.entries() if body["kind"] == "main"]
    assert {"mood": 70, "note": "A café", "place": "at_home"} in answers
    # An option that one person alone chose may be their own words: a text, never a label of the codebook.
    assert {"mood": 0, "place": "other", "place_other": "woods"} in answers
    assert "woods" not in str(house.rows("instrument_version"))
    assert (
        Counter(row["value"] for row in house.rows("participant_attribute"))
        == {
            "30_39": 1,
            "40_49": 1,
            "female": 1,
            "male": 1,
        }
        or Counter(row["value"] for row in house.rows("participant_attribute"))["other"]
    )


def test_a_later_export_adds_what_is_new(house: House, tmp_path: Path) -> None:
    house.take(write(tmp_path, two_people()))
    before = house.entries()
    later = [*two_people()[:-1], beep("902", 1, {"mood_sliderNegPos": "9"} | HOME), intake("903")]
    later += [
        beep(who, 7, {"mood_sliderNegPos": "5"} | choice("place", "2", '"In town"')) for who in ("902", "903")
    ]
    later[3] |= choice("place", "2", '"In town"')
    _, report = house.take(write(tmp_path, [*later, beep("903", 8)]))
    assert outcomes(report) == {
        "entries already there": 5,
        "entries made": 4,
        "missed prompts recorded": 1,
    }
    # The new wording made a second version; what was stored under the first is left as it is.
    assert [row["version"] for row in house.rows("instrument_version")] == [1, 2]
    # Of those, one answer and one gender are options now: others have chosen them too.
    assert report.facts[CHANGED] == 2
    assert all(one in house.entries() for one in before)
    # The prompt that was missed, it seemed, was answered on a phone without a network.
    late = [prompt for prompt in house.rows("prompt") if prompt["planned_at"].second == 1]
    assert [row["status"] for row in late if row["opened_at"] and row["answered_at"]] == ["answered"] * 2
    assert Counter(row["status"] for row in house.rows("prompt")) == {"answered": 6, "expired": 1}
    again = outcomes(house.take(write(tmp_path, [*later, beep("903", 8)]))[1])
    assert again == {"entries already there": 9, "missed prompts already there": 1}
    # Nor does the first export, imported again, take back what the later one added.
    counts = house.counts()
    house.take(write(tmp_path, two_people()))
    assert house.counts() == counts


def test_two_answers_to_one_beep_are_two_entries(house: House, tmp_path: Path) -> None:
    first = beep("901", 0, {"mood_sliderNegPos": "70"})
    second = first | {"mood_sliderNegPos": "20"}
    third = beep("901", 0, {"mood_sliderNegPos": "30"}, timeStampStop="", timeStampStart="1713525000")
    files = write(tmp_path, [intake("901"), intake("902"), first, second, third, beep("901", 0)])
    _, report = house.take(files)
    assert outcomes(report) == {"entries made": 5, "missed prompts already there": 1}
    assert len({body["prompt_id"] for _, body in house.entries() if body["kind"] == "main"}) == 1
    (prompt,) = house.rows("prompt")
    assert prompt["status"] == "answered"
    (answer,) = [body for _, body in house.entries() if body["made_at"] == "2024-04-19T09:10:00Z"]
    assert "finished_at" not in answer
    assert outcomes(house.take(files)[1]) == {"entries already there": 5, "missed prompts already there": 1}


def test_an_erased_person_does_not_come_back(house: House, tmp_path: Path) -> None:
    files = write(tmp_path, two_people())
    house.take(files)
    erased, stays = [row["id"] for row in house.rows("participant")]
    with db.transaction(house.engine) as session:
        withdrawal.withdraw(session, OPERATOR, erased, WithdrawalScope.ERASE)
    before = house.counts()
    _, report = house.take(files)
    assert list(report.refusals) == ["the participant withdrew from the study"]
    assert report.accounted
    assert house.counts() == before
    assert {who for who, _ in house.entries()} == {stays}


def test_a_person_s_later_word_is_left_alone(house: House, tmp_path: Path) -> None:
    from api.participants import profiles

    files = write(tmp_path, two_people())
    house.take(files)
    who = house.rows("participant")[0]["id"]
    with db.transaction(house.engine) as session:
        profiles.replace(session, OPERATOR, who, {"age_band": "60_69"})
    before = house.everything()
    house.take(files)
    assert sorted(house.everything().split("\n")) == sorted(before.split("\n"))


def test_sharing_is_recorded_only_when_the_operator_says_so(house: House, tmp_path: Path) -> None:
    files, fact = write(tmp_path, two_people()), "participants whose de-identified entries may be released"
    _, report = house.take(files)
    assert report.facts[fact] == 0
    assert any("--sharing-agreed" in note for note in report.notes)
    assert house.take(files, sharing=True)[1].facts[fact] == 2
    before = house.counts()
    assert house.take(files, sharing=True)[1].facts[fact] == 2
    assert (
        house.take(files)[1].facts[fact] == 2
    )  # what was agreed is not taken back by leaving the option out
    assert house.counts() == before


def existing(house: House, title: str = "Another", *, opened: bool = True) -> UUID:
    with db.transaction(house.engine) as session:
        study = studies.create(session, OPERATOR, StudyCreate(title=title))
        shipped.publish_all(session, OPERATOR, study.id)
        for document in (INFORMATION, CONSENT):
            studies.publish_document(session, OPERATOR, study.id, document)
        if opened:
            studies.change_status(session, OPERATOR, study, StudyStatus.OPEN)
        return study.id


def test_a_study_with_a_profile_of_its_own_keeps_it(house: House, tmp_path: Path) -> None:
    study_id = existing(house)
    files = write(tmp_path, two_people())
    _, report = house.take(files, study=study_id, sharing=True)
    assert report.outcomes.total() == 6
    (imported,) = [row for row in house.rows("instrument_version") if row["key"] == "mpath_small"]
    assert [form["kind"] for form in json.loads(imported["definition"])["forms"]] == ["intake", "main"]
    assert not house.rows("participant_attribute")
    assert not house.rows("disclosure_policy")
    assert house.rows("consent")[0]["statements"] == {"read": True, "take_part": True, "share": True}
    # The study's zone is London; what was written two hours ahead of UTC in April was not.
    assert {body["time_zone"] for _, body in house.entries()} == {"Etc/GMT-2"}
    before = house.counts()
    assert not house.take(files, study=study_id, sharing=True)[1].changed
    assert house.counts() == before


def test_a_study_that_is_not_open_takes_nobody(house: House, tmp_path: Path) -> None:
    study_id = existing(house, opened=False)
    before = house.counts()
    with pytest.raises(StudyNotOpen):
        house.take(write(tmp_path, two_people()), study=study_id)
    assert house.counts() == before


def test_a_title_that_another_study_has_is_refused(house: House, tmp_path: Path) -> None:
    from api.auth import service as auth
    from api.auth.verbs import Role
    from tests.importers.house import OWNER

    study_id = existing(house, "small")
    files = write(tmp_path, two_people())
    with db.transaction(house.engine) as session:
        owner = auth.staff_by_email(session, OWNER)
        auth.set_role(session, OPERATOR, study_id, owner.id, Role.OWNER)
    with pytest.raises(Conflict):
        house.take(files)
    assert house.take(files, title="Small, from m-Path")[1].changed
