"""Qualtrics: the task that a researcher writes, and the signed event that only points."""

from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl, urlencode

import pytest

from api.webhooks.adapters import ADAPTERS
from api.webhooks.normalised import Fetch, Post, Stage, Unreadable
from api.webhooks.signatures import Refusal
from tests.webhooks.adapters.reading import by_key, envelope, read, values
from tests.webhooks.samples import needs_samples, sample, sample_json
from tests.webhooks.senders import SENDERS

pytestmark = needs_samples
TASK = "qualtrics/webservice_task_CONSTRUCTED.json"
EVENT, RESPONSE = "qualtrics/completedResponse_signed.form", "qualtrics/fetched_response.json"


def test_the_recorded_task() -> None:
    found = read("qualtrics_task", sample(TASK), SENDERS["qualtrics_task"].options)
    assert (found.form_id, found.submission_id) == ("SV_22VlHYNeldrrrkp", "R_1l9mcVuXubb4aGm")
    assert found.claims == {"pid": "P-0042"}
    assert values(found) == {"place_challenge": "Café – “levelling up” £2m", "theme": "Data for Place"}
    assert found.submitted_at == datetime(2025, 11, 10, 14, 5, 31, tzinfo=UTC)


def test_a_task_in_summer_and_in_the_accounts_zone() -> None:
    body = sample_json(TASK) | {"recorded_date": "2025-07-10 14:05:31"}
    assert read("qualtrics_task", body).submitted_at == datetime(2025, 7, 10, 13, 5, 31, tzinfo=UTC)
    unknown = read("qualtrics_task", body | {"timezone": "Narnia"})
    assert unknown.submitted_at == datetime(2025, 7, 10, 14, 5, 31, tzinfo=UTC), "the source's own: UTC"


def test_a_task_as_a_form_takes_quotation_marks_and_line_breaks() -> None:
    words = 'She said "no" to\nthe board'
    fields = {"survey_id": "SV_1", "response_id": "R_1", "pid": "K7Q", "q1": words, "q2": ""}
    found = read("qualtrics_task", urlencode(fields).encode())
    assert (values(found), found.claims) == ({"q1": words}, {"pid": "K7Q"})


def test_a_quotation_mark_breaks_the_template_and_the_reason_says_so() -> None:
    broken = sample("qualtrics/webservice_task_BROKEN_unescaped_quote_CONSTRUCTED.json.txt")
    with pytest.raises(Unreadable, match="quotation mark"):
        envelope("qualtrics_task", broken)


def test_two_codes_in_one_task() -> None:
    with pytest.raises(Unreadable):
        read("qualtrics_task", sample_json(TASK) | {"pid": "OTHER"})


@pytest.mark.parametrize(
    ("more", "stage"),
    [
        ({"response_id": "${rm://Field/ResponseID}"}, Stage.TEST),
        ({"finished": "0"}, Stage.PARTIAL),
        ({"finished": False}, Stage.PARTIAL),
        ({"finished": "1"}, Stage.COMPLETE),
    ],
)
def test_stages_of_a_task(more: dict[str, Any], stage: Stage) -> None:
    assert envelope("qualtrics_task", sample_json(TASK) | more).stage is stage


def test_the_recorded_event_points_to_a_response() -> None:
    found = envelope("qualtrics_event", sample(EVENT))
    assert found.submission_id == "SV_22VlHYNeldrrrkp/R_1l9mcVuXubb4aGm"
    asked = ADAPTERS["qualtrics_event"].fetch(found, "token", SENDERS["qualtrics_event"].options)
    assert asked == Fetch(
        "GET",
        "/API/v3/surveys/SV_22VlHYNeldrrrkp/responses/R_1l9mcVuXubb4aGm",
        headers={"X-API-TOKEN": "token"},
    )
    assert "token" not in repr(asked)


@pytest.mark.parametrize("name", ["../../users", "R_1?x", "R/1", "", "http://10.0.0.1/", "R_" + "1" * 70])
def test_an_identifier_that_would_lead_elsewhere_is_none(name: str) -> None:
    message = f'{{"Status":"Complete","SurveyID":"SV_1","ResponseID":{name!r}}}'.replace("'", '"')
    with pytest.raises(Unreadable):
        envelope("qualtrics_event", urlencode({"MSG": message, "HMAC": "00"}).encode())


def test_spaces_may_be_written_either_way() -> None:
    sender = SENDERS["qualtrics_event"]
    fields = dict(parse_qsl(sender.body.decode(), keep_blank_values=True))
    plus = urlencode(fields).encode()
    assert b"+" in plus
    for body in (plus, plus.replace(b"+", b"%20")):
        assert ADAPTERS["qualtrics_event"].refusal(Post(body), [sender.secret], sender.options) is None


@pytest.mark.parametrize("more", [b"&MSG=%7B%7D", b"&HMAC=00", b"&Topic=x"])
def test_a_repeated_field_is_refused(more: bytes) -> None:
    sender = SENDERS["qualtrics_event"]
    post = Post(sender.body + more, sender.content_type)
    assert ADAPTERS["qualtrics_event"].refusal(post, [sender.secret], sender.options) == Refusal.MALFORMED


def test_the_topic_is_not_signed_and_changes_nothing() -> None:
    sender = SENDERS["qualtrics_event"]
    changed = sender.body.replace(b"Topic=sapdevelopment", b"Topic=somebody.else")
    assert changed != sender.body
    assert ADAPTERS["qualtrics_event"].refusal(Post(changed), [sender.secret], sender.options) is None
    assert envelope("qualtrics_event", changed) == envelope("qualtrics_event", sender.body)


def test_an_event_that_is_not_of_completion_is_left_alone() -> None:
    message = '{"Status":"Partial","SurveyID":"SV_1","ResponseID":"R_1"}'
    body = urlencode({"MSG": message, "Topic": "surveyengine.completedResponse"}).encode()
    assert envelope("qualtrics_event", body).stage is Stage.OTHER


def test_the_fetched_response_without_place_and_address() -> None:
    document = sample_json(RESPONSE)
    document["result"]["values"] |= {"pid": "K7Q", "QID4": ["1", "3"], "recipientEmail": "amira@example.org"}
    document["result"]["labels"] |= {"QID4": ["Skills", "Data"]}
    found = read("qualtrics_event", sample(EVENT), fetched=document)
    assert found.claims == {"pid": "K7Q"}
    assert found.submitted_at == found.revision_time == datetime(2025, 11, 10, 14, 5, 31, tzinfo=UTC)
    assert values(found) == {"QID1": 2, "QID2": "Strongly Agree", "QID3": 5, "QID4": ["1", "3"]}
    answers = by_key(found)
    assert (answers["QID1"].option_ids, answers["QID1"].option_labels) == (("2",), ("Choice 2",))
    assert (answers["QID4"].option_ids, answers["QID4"].option_labels) == (("1", "3"), ("Skills", "Data"))
    assert not any(word in repr(found) for word in ("192.168", "45.5", "-73", "example.org"))


@pytest.mark.parametrize(
    ("more", "stage"),
    [
        ({"status": 1}, Stage.TEST),
        ({"status": 2}, Stage.TEST),
        ({"status": 9}, Stage.TEST),
        ({"status": 8}, Stage.COMPLETE),
        ({"finished": 0}, Stage.PARTIAL),
        ({"finished": None}, Stage.PARTIAL),
    ],
)
def test_previews_tests_and_unfinished_responses_show_only_when_fetched(
    more: dict[str, Any], stage: Stage
) -> None:
    document = sample_json(RESPONSE)
    document["result"]["values"] |= more
    assert read("qualtrics_event", sample(EVENT), fetched=document).stage is stage


def test_another_response_than_asked_for_is_nobodys() -> None:
    document = sample_json(RESPONSE)
    document["result"]["responseId"] = "R_other"
    with pytest.raises(Unreadable):
        read("qualtrics_event", sample(EVENT), fetched=document)
