"""Typeform: answers by reference, never by place."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from api.webhooks.adapters.typeform import Typeform
from api.webhooks.normalised import Answer, Normalised, Post, Stage, Unreadable
from schemas.source import SourceOptions
from tests.webhooks.samples import needs_samples, sample_json

pytestmark = needs_samples
ADAPTER, OPTIONS = Typeform(), SourceOptions(forms=[])


def recorded() -> dict[str, Any]:
    found: dict[str, Any] = sample_json("typeform/form_response_vendor_doc_12fields.json")
    return found


def read(body: dict[str, Any]) -> Normalised:
    raw = json.dumps(body).encode()
    (envelope,) = ADAPTER.envelopes(Post(raw), OPTIONS)
    return ADAPTER.normalise(envelope, raw, OPTIONS)


def by_key(found: Normalised) -> dict[str, Answer]:
    return {answer.key: answer for answer in found.answers}


def test_the_recorded_response() -> None:
    found = read(recorded())
    assert (found.form_id, found.submission_id) == ("lT4Z3j", "a3a12ec67a1365927098a606107fac15")
    assert found.submitted_at == found.revision_time == datetime(2018, 1, 18, 18, 17, 2, tzinfo=UTC)
    assert found.started_at == datetime(2018, 1, 18, 18, 7, 2, tzinfo=UTC)
    answers = by_key(found)
    assert answers["readable_ref_yes_no"].value is False
    assert answers["readable_ref_number1"].value == 5
    assert answers["readable_ref_date"].value == "2005-10-15"
    assert answers["readable_ref_picture_choice"].option_labels == ("London", "Sydney")
    assert answers["readable_ref_picture_choice"].value == ["London", "Sydney"]
    choice = answers["readable_ref_multiple_choice"]
    assert (choice.value, choice.alt_key, choice.type) == ("London", "k6TP9oLGgHjl", "multiple_choice")
    assert choice.label == "Which of these cities is your favorite?"


def test_an_address_is_left_out_and_told() -> None:
    found = read(recorded())
    assert "readable_ref_email" not in by_key(found)
    assert "laura@example.com" not in repr(found)
    assert any("readable_ref_email" in warning for warning in found.warnings)


def test_zero_is_an_answer_and_a_skipped_question_is_none() -> None:
    body = recorded()
    body["form_response"]["answers"] = [
        {"type": "number", "number": 0, "field": {"id": "Q7M2XAwY04dW", "ref": "readable_ref_number1"}}
    ]
    assert [(one.key, one.value) for one in read(body).answers] == [("readable_ref_number1", 0)]


def test_the_order_of_answers_does_not_matter() -> None:
    body = recorded()
    straight = by_key(read(body))
    body["form_response"]["answers"].reverse()
    assert by_key(read(body)) == straight


def test_an_old_post_without_references_and_definition_goes_by_identifier() -> None:
    body = recorded()
    del body["form_response"]["definition"]
    assert by_key(read(body))["RUqkXSeXBXSd"].value is False


def test_choices_keep_their_identifiers_and_the_words_of_other() -> None:
    body = recorded()
    several = {"ids": ["a", "b"], "labels": ["Leeds", "York"], "other": "Selby"}
    body["form_response"]["answers"] = [
        {"type": "choices", "choices": several, "field": {"id": "1", "ref": "several"}},
        {"type": "choice", "choice": {"id": "c", "label": "Hull"}, "field": {"id": "2", "ref": "one"}},
        {"type": "choice", "choice": {"other": "Whitby"}, "field": {"id": "3", "ref": "other"}},
        {"type": "choices", "choices": {"ids": ["a"], "labels": ["x", "y"]}, "field": {"id": "4"}},
    ]
    answers = by_key(read(body))
    assert answers["several"].option_ids == ("a", "b", "other")
    assert answers["several"].option_labels == ("Leeds", "York", "Selby")
    assert (answers["one"].option_ids, answers["one"].option_labels) == (("c",), ("Hull",))
    assert (answers["other"].value, answers["other"].option_ids) == ("Whitby", ("other",))
    assert answers["4"].option_ids == (), "which identifier is whose is not known"


def test_the_code_is_in_a_hidden_field() -> None:
    body = recorded()
    body["form_response"]["hidden"] = {"pid": "K7Q", "wave": "2", "name": "Laura", "empty": ""}
    found = read(body)
    assert found.claims == {"pid": "K7Q"}
    assert by_key(found)["wave"].type == "hidden"
    assert "name" not in by_key(found)
    assert "empty" not in by_key(found)


@pytest.mark.parametrize(
    ("event", "stage"),
    [("form_response_partial", Stage.PARTIAL), ("form_response", Stage.COMPLETE), ("else", Stage.OTHER)],
)
def test_each_event(event: str, stage: Stage) -> None:
    (found,) = ADAPTER.envelopes(Post(json.dumps(recorded() | {"event_type": event}).encode()), OPTIONS)
    assert found.stage is stage


def test_a_post_without_a_response_is_unreadable() -> None:
    with pytest.raises(Unreadable):
        ADAPTER.envelopes(Post(b'{"event_type": "form_response"}'), OPTIONS)
