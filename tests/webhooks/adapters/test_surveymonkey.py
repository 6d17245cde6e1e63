"""SurveyMonkey: a signed pointer, a budget of calls, and what it fetches."""

from datetime import UTC, datetime
from typing import Any

import pytest

from api.webhooks.adapters import ADAPTERS
from api.webhooks.normalised import Fetch, Stage, Unreadable
from tests.webhooks.adapters.reading import by_key, envelope, read, values
from tests.webhooks.samples import needs_samples, sample_json
from tests.webhooks.senders import SENDERS

pytestmark = needs_samples
SENDER = SENDERS["surveymonkey"]
DETAILS = "surveymonkey/fetched_response_details.json"


def fetched(*questions: dict[str, Any], **more: Any) -> dict[str, Any]:
    found: dict[str, Any] = sample_json(DETAILS) | more
    found["pages"][0]["questions"] += questions
    return found


def test_the_recorded_event_asks_for_the_details() -> None:
    found = envelope("surveymonkey", SENDER.body)
    assert (found.stage, found.submission_id) == (Stage.COMPLETE, "105724755/5007154402")
    asked = ADAPTERS["surveymonkey"].fetch(found, "token", SENDER.options)
    path = "/v3/surveys/105724755/responses/5007154402/details"
    assert asked == Fetch("GET", path, {"simple": "true"}, headers={"Authorization": "Bearer token"})


def test_the_recorded_response() -> None:
    found = read("surveymonkey", SENDER.body, fetched=fetched())
    assert values(found) == {"319352786": "3057839051", "custvar_1": "one", "custvar_2": "two"}
    assert by_key(found)["319352786"].option_ids == ("3057839051",)
    assert found.submitted_at == found.revision_time == datetime(2015, 12, 28, 21, 59, 38, tzinfo=UTC)
    assert not any(word in repr(found) for word in ("192.168", "surveymonkey.com", "custom identifier"))


def test_every_kind_of_question() -> None:
    choices = [{"choice_id": "11", "simple_text": "Skills"}, {"other_id": "12", "text": "Bees"}]
    grid = [{"row_id": "1", "choice_id": "5"}, {"row_id": "2", "choice_id": "6"}]
    found = read(
        "surveymonkey",
        SENDER.body,
        fetched=fetched(
            {"id": "1", "heading": "Which?", "family": "multiple_choice", "answers": choices},
            {"id": "2", "family": "open_ended", "answers": [{"text": "A text"}]},
            {"id": "3", "family": "matrix", "answers": grid},
            {
                "id": "4",
                "family": "open_ended",
                "answers": [{"row_id": "1", "text": "7"}, {"row_id": "2", "text": "0"}],
            },
            {"id": "5", "family": "demographic", "answers": [{"row_id": "1", "text": "Amira"}]},
            {"id": "6", "family": "multiple_choice", "answers": [{"choice_id": "9"}]},
            {"id": "7", "family": "open_ended", "answers": []},
            custom_variables={"pid": "K7Q", "email": "amira@example.org"},
        ),
    )
    assert found.claims == {"pid": "K7Q"}
    assert values(found) == {
        "319352786": "3057839051",
        "1": ["Skills", "Bees"],
        "2": "A text",
        "3_1": "5",
        "3_2": "6",
        "4_1": "7",
        "4_2": "0",
        "6": ["9"],
    }
    which = by_key(found)["1"]
    assert (which.label, which.option_ids, which.option_labels) == (
        "Which?",
        ("11", "12"),
        ("Skills", "Bees"),
    )
    assert not any(word in repr(found) for word in ("Amira", "amira"))


@pytest.mark.parametrize(
    ("event", "stage"),
    [("response_deleted", Stage.DELETED), ("response_created", Stage.OTHER), ("survey_updated", Stage.OTHER)],
)
def test_only_completed_and_deleted_responses_are_told(event: str, stage: Stage) -> None:
    found = envelope("surveymonkey", SENDER.body.replace(b"response_completed", event.encode()))
    assert found.stage is stage
    if stage is Stage.DELETED:
        assert found.submission_id == "105724755/5007154402"
        assert ADAPTERS["surveymonkey"].fetch(found, "token", SENDER.options) is None, "it costs no call"


@pytest.mark.parametrize("name", ['"../users"', '"1/2"', '""', "null", "1.5", '"' + "1" * 40 + '"'])
def test_an_identifier_that_would_lead_elsewhere_is_none(name: str) -> None:
    with pytest.raises(Unreadable):
        envelope("surveymonkey", SENDER.body.replace(b'"5007154402"', name.encode()))


@pytest.mark.parametrize(
    ("more", "stage"),
    [
        ({"response_status": "partial"}, Stage.PARTIAL),
        ({"response_status": "disqualified"}, Stage.PARTIAL),
        ({"collection_mode": "survey_preview"}, Stage.TEST),
    ],
)
def test_stages_that_show_only_when_fetched(more: dict[str, Any], stage: Stage) -> None:
    assert read("surveymonkey", SENDER.body, fetched=fetched(**more)).stage is stage


def test_another_response_than_asked_for_is_nobodys() -> None:
    with pytest.raises(Unreadable):
        read("surveymonkey", SENDER.body, fetched=fetched(id="1"))
