"""Tally: identifiers become words, and no checkbox is read twice."""

import time
from datetime import UTC, datetime
from typing import Any

import pytest

from api.webhooks.normalised import Stage, Unreadable
from tests.webhooks.adapters.reading import by_key, envelope, read, values
from tests.webhooks.samples import needs_samples, sample, sample_json

pytestmark = needs_samples


def recorded(*fields: dict[str, Any]) -> dict[str, Any]:
    body: dict[str, Any] = sample_json("tally/form_response_vendor_doc_subset.json")
    body["data"]["fields"] += fields
    return body


def hidden(name: str, value: Any, key: str = "question_hidden") -> dict[str, Any]:
    return {"key": f"{key}_{name}", "label": name, "type": "HIDDEN_FIELDS", "value": value}


def test_the_recorded_response() -> None:
    found = read("tally", sample("tally/form_response_vendor_doc_subset.json"))
    assert (found.form_id, found.submission_id) == ("VwbNEw", "2wgx4n")
    assert found.submitted_at == datetime(2023, 6, 28, 15, 0, 21, tzinfo=UTC)
    assert values(found) == {
        "question_mVGEg3_8b5711e3-f6a2-4e25-9e68-5d730598c681": "newsletter",
        "question_nPpjVn_84b69d73-0a85-4577-89f4-8632632cc222": 20,
        "question_3EKz4n": "Hello",
        "question_nr5yNw": 10,
        "question_3xrXrn": "2023-06-28",
        "question_mZ8jow": "12:00",
        "question_3Nrpl3": "Hello world",
        "question_3qL4Gm": "In progress",
        "question_wQ1K7w": ["Swimming", "Skiing"],
        "question_n9BqQm": "Hard",
        "question_m6L8kw": 4,
        "question_wbq5L3": 7,
        "question_mBazQn_98618291-f36d-4743-9393-b67bca0d1ef2": "Satisfied",
        "question_mBazQn_53c86017-bdd4-4a41-b501-4f389dfec300": "Neutral",
    }
    matrix = by_key(found)["question_mBazQn_53c86017-bdd4-4a41-b501-4f389dfec300"]
    assert matrix.label == "Matrix: Speed"
    boxes = by_key(found)["question_wQ1K7w"]
    assert boxes.option_ids[0] == "cb33303b-4e9d-4bb3-8b51-f16acbf573fe"
    assert boxes.option_labels == ("Swimming", "Skiing")


def test_a_choice_of_an_old_form_is_one_identifier() -> None:
    options = [{"id": "a", "text": "1: Male"}, {"id": "b", "text": "2: Female"}]
    field = {"key": "old", "label": "Q", "type": "MULTIPLE_CHOICE", "value": "b", "options": options}
    answer = by_key(read("tally", recorded(field)))["old"]
    assert (answer.value, answer.option_ids, answer.option_labels) == ("2: Female", ("b",), ("2: Female",))


def test_one_of_several_boxes_is_still_a_list_and_none_is_no_answer() -> None:
    options = [{"id": "a", "text": "A"}]
    boxes = {"label": "Q", "type": "CHECKBOXES", "options": options}
    found = values(
        read("tally", recorded(boxes | {"key": "x", "value": ["a"]}, boxes | {"key": "y", "value": []}))
    )
    assert found["x"] == ["A"]
    assert "y" not in found


def test_the_code_is_a_hidden_field_and_the_rest_of_them_are_answers_or_left_out() -> None:
    found = read(
        "tally", recorded(hidden("pid", "K7Q"), hidden("wave", "2"), hidden("Email", "amira@example.org"))
    )
    assert found.claims == {"pid": "K7Q"}
    assert values(found)["question_hidden_wave"] == "2"
    assert "amira" not in repr(found)


def test_two_codes_are_nobody() -> None:
    with pytest.raises(Unreadable):
        read("tally", recorded(hidden("pid", "K7Q"), hidden("pid", "OTHER", "again")))


@pytest.mark.parametrize("kind", ["INPUT_EMAIL", "INPUT_PHONE_NUMBER", "FILE_UPLOAD", "SIGNATURE"])
def test_contact_details_and_files_are_left_out(kind: str) -> None:
    found = read("tally", recorded({"key": "q", "label": "Reach me", "type": kind, "value": "amira"}))
    assert "q" not in values(found)
    assert any("Reach me" in warning for warning in found.warnings)


def test_another_event_is_left_alone() -> None:
    assert envelope("tally", {"eventType": "FORM_CREATED"}).stage is Stage.OTHER


def test_a_form_of_twenty_thousand_boxes_is_read_quickly() -> None:
    boxes = [{"key": f"q_{number}", "type": "CHECKBOXES", "value": True} for number in range(20_000)]
    begun = time.process_time()
    assert len(read("tally", recorded(*boxes)).answers) > 20_000
    assert time.process_time() - begun < 5
