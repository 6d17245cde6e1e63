"""REDCap: an unsigned pointer that only says where to look."""

import json
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

import pytest

from api.webhooks.adapters import ADAPTERS
from api.webhooks.normalised import Stage, Unreadable
from tests.webhooks.adapters.reading import by_key, envelope, read, values
from tests.webhooks.samples import needs_samples, sample
from tests.webhooks.senders import SENDERS

pytestmark = needs_samples
POST = "redcap/det_survey_complete_CONSTRUCTED.form"
assert isinstance(SENDERS["redcap"].fetched, bytes)
(ROW,) = json.loads(SENDERS["redcap"].fetched)


def posted(**more: str) -> bytes:
    told = {"project_id": "625", "record": "P-0042", "instrument": "daily_diary", "daily_diary_complete": "2"}
    return urlencode(told | more).encode()


def test_the_recorded_post_asks_for_one_form_of_one_record() -> None:
    found = envelope("redcap", sample(POST))
    assert (found.stage, found.form_id) == (Stage.COMPLETE, "625/daily_diary")
    assert found.submission_id == "625/P-0042//daily_diary/3"
    asked = ADAPTERS["redcap"].fetch(found, "s3cret", SENDERS["redcap"].options)
    assert asked is not None
    assert (asked.method, asked.path, asked.form["records[0]"]) == ("POST", "/api/", "P-0042")
    assert (asked.form["forms[0]"], asked.form["token"]) == ("daily_diary", "s3cret")
    assert "events[0]" not in asked.form
    assert "redcap.example" not in repr((asked, dict(asked.form))), "never an address from a post"
    assert "s3cret" not in repr(asked)


def test_the_record() -> None:
    found = read("redcap", sample(POST), fetched=[ROW])
    assert values(found) == {"place_challenge": "Approved the bid", "themes": ["skills"], "hours": "0"}
    assert by_key(found)["themes"].option_ids == ("skills",)
    assert found.claims == {"pid": "P-0042"}
    assert found.submitted_at == datetime(2025, 11, 10, 14, 5, 31, tzinfo=UTC)


def test_a_field_names_the_participant_before_the_records_name_does() -> None:
    assert read("redcap", sample(POST), fetched=[ROW | {"pid": "K7Q"}]).claims == {"pid": "K7Q"}


def test_one_of_several_instances_and_events() -> None:
    rows = [
        ROW,
        ROW | {"redcap_repeat_instance": 4, "hours": "9"},
        ROW | {"redcap_repeat_instance": "", "hours": "1"},
    ]
    assert values(read("redcap", sample(POST), fetched=rows))["hours"] == "0"
    event = posted(redcap_event_name="day_2_arm_1")
    rows = [
        {"redcap_event_name": f"day_{day}_arm_1", "hours": day, "daily_diary_complete": 2} for day in (1, 2)
    ]
    assert values(read("redcap", event, fetched=rows))["hours"] == 2
    asked = ADAPTERS["redcap"].fetch(envelope("redcap", event), "t", SENDERS["redcap"].options)
    assert asked is not None
    assert asked.form["events[0]"] == "day_2_arm_1"


@pytest.mark.parametrize(
    "answer", [[], [ROW, ROW], {"error": "no permission"}, [ROW | {"redcap_repeat_instance": 9}]]
)
def test_a_record_that_is_not_there(answer: Any) -> None:
    with pytest.raises(Unreadable):
        read("redcap", sample(POST), fetched=answer)


def test_what_the_post_says_of_completeness_is_looked_up() -> None:
    assert envelope("redcap", posted(daily_diary_complete="0")).stage is Stage.PARTIAL
    assert read("redcap", sample(POST), fetched=[ROW | {"daily_diary_complete": "1"}]).stage is Stage.PARTIAL


@pytest.mark.parametrize(
    "more",
    [{"project_id": "6/7"}, {"project_id": ""}, {"instrument": "A B"}, {"record": ""}, {"redcap_event_name": "../x"},
     {"redcap_repeat_instance": "-1"}, {"record": "x" * 300}],
)  # fmt: skip
def test_what_is_none_of_redcaps(more: dict[str, str]) -> None:
    with pytest.raises(Unreadable):
        envelope("redcap", posted(**more))


def test_a_record_with_a_slash_is_itself() -> None:
    found = envelope("redcap", posted(record="a/b c"))
    asked = ADAPTERS["redcap"].fetch(found, "t", SENDERS["redcap"].options)
    assert asked is not None
    assert asked.form["records[0]"] == "a/b c"
    assert (
        found.submission_id != envelope("redcap", posted(record="a", redcap_event_name="b_c")).submission_id
    )
