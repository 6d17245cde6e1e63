"""Any JSON: LimeSurvey with its token in the body, Microsoft Forms, SurveyCTO, Fillout."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from api.webhooks.adapters import ADAPTERS
from api.webhooks.normalised import Post, Stage, Unreadable
from api.webhooks.signatures import Refusal
from schemas.source import Proof, SourceOptions
from tests.webhooks.adapters.reading import by_key, envelope, read, values
from tests.webhooks.samples import needs_samples, sample, sample_json
from tests.webhooks.senders import SENDERS, basic, options

pytestmark = needs_samples
TOOL = "generic_json"
LIMESURVEY, MS_FORMS = (
    "limesurvey/afterSurveyComplete.json",
    "ms_forms/power_automate_http_action_CONSTRUCTED.json",
)


def paths(**given: str) -> SourceOptions:
    return options(Proof.HEADER, paths={"submission_id": "id", "answers": "answers"} | given)


def test_the_recorded_post_of_limesurvey() -> None:
    found = read(TOOL, sample(LIMESURVEY))
    assert (found.form_id, found.submission_id) == ("123456", "789")
    assert (values(found), found.claims) == ({"question1": "answer1"}, {"pid": "abc123token"})
    assert found.submitted_at == found.revision_time == datetime(2024, 12, 4, 15, 30, tzinfo=UTC)
    assert not any(word in repr(found) for word in ("John", "Doe", "example.com", "api_secret"))


def test_the_day_that_limesurvey_writes_for_never_is_absent() -> None:
    found = read(TOOL, sample_json(LIMESURVEY) | {"submitDate": "1980-01-01 00:00:00"})
    assert found.submitted_at is None
    assert found.revision_time is None


def test_another_event_of_limesurvey_is_not_complete() -> None:
    assert envelope(TOOL, sample_json(LIMESURVEY) | {"event": "beforeSurveyPage"}).stage is Stage.PARTIAL


def test_the_token_is_taken_out_of_what_is_stored() -> None:
    sender = SENDERS[TOOL]
    kept = ADAPTERS[TOOL].without_secrets(sender.made().body, sender.options)
    assert b"api_secret_token" not in kept
    assert json.loads(kept) == sample_json(LIMESURVEY) | {"api_token": ""}
    assert read(TOOL, kept) == read(TOOL, sender.made().body)


def test_a_token_is_taken_out_however_it_is_written_and_wherever_else() -> None:
    body = rb'{"api_token": "\u0061pi_secret_token", "response": {"q": "api_secret_token"}}'
    kept = ADAPTERS[TOOL].without_secrets(body, SENDERS[TOOL].options)
    assert json.loads(kept) == {"api_token": "", "response": {"q": ""}}


def test_bytes_without_a_token_are_stored_as_they_came() -> None:
    body = b'{ "a" : 1.10 }'
    assert ADAPTERS[TOOL].without_secrets(body, SENDERS[TOOL].options) is body
    assert ADAPTERS[TOOL].without_secrets(b'{"api_token": ', SENDERS[TOOL].options) == b'{"api_token": '


@pytest.mark.parametrize("token", [None, "", 1, {"a": 1}, ["api_secret_token"], True])
def test_a_token_in_the_body_that_is_none(token: Any) -> None:
    post = Post(json.dumps({"api_token": token}).encode())
    assert ADAPTERS[TOOL].refusal(post, ["api_secret_token"], SENDERS[TOOL].options) in {
        Refusal.MISSING,
        Refusal.WRONG,
    }


def test_each_of_its_other_proofs() -> None:
    adapter = ADAPTERS[TOOL]
    _, headers = basic(b"", "who:key")
    post = Post(b"{}", "", {"x-daybook-key": "key", "authorization": headers["Authorization"]})
    for proof in (Proof.HEADER, Proof.BASIC):
        assert adapter.refusal(post, ["key"], options(proof)) is None
        assert adapter.refusal(post, ["other"], options(proof)) == Refusal.WRONG
        assert adapter.refusal(Post(b"{}"), ["key"], options(proof)) == Refusal.MISSING
    assert adapter.refusal(Post(b"{}"), [], options(Proof.PATH_TOKEN)) is None


def test_the_recorded_post_of_microsoft_forms() -> None:
    wanted = paths(
        submission_id="responseId", form_id="formId", answers="response", submitted_at="response.submitDate"
    )
    found = read(TOOL, sample(MS_FORMS), wanted)
    assert (found.form_id, found.submission_id) == ("v4j5cvGGr0GRqy180BHb", "17")
    assert found.submitted_at == datetime(2025, 11, 10, 14, 5, 31, tzinfo=UTC)
    assert values(found) == {
        "submitDate": "11/10/2025 2:05:31 PM",
        "r5f3c": "Approved the bid",
        "r9d21": ["Data for Place", "Skills"],
    }


def test_the_recorded_post_of_surveycto() -> None:
    wanted = paths(
        submission_id="KEY", form_id="formdef_id", answers="@", submitted_at="SubmissionDate", claim="pid"
    )
    found = read(TOOL, sample_json("surveycto/webhook.json") | {"pid": "K7Q"}, wanted)
    assert found.claims == {"pid": "K7Q"}
    assert "pid" not in values(found)
    assert found.submission_id == "uuid:00000000-0000-0000-0000-000000000001"
    assert found.submitted_at == datetime(2025, 7, 1, 15, 7, 53, 416_000, UTC)
    assert "collector" not in repr(found)


def test_fillouts_list_of_questions() -> None:
    wanted = paths(
        submission_id="submission.submissionId",
        answers="submission.questions",
        claim="submission.urlParameters[?name=='pid'].value | [0]",
    )
    body = {
        "submission": {
            "submissionId": "s",
            "questions": [
                {"id": "a1", "name": "How was the day?", "type": "LongAnswer", "value": "Long"},
                {"id": "a2", "name": "Skipped", "type": "ShortAnswer", "value": None},
            ],
            "urlParameters": [{"id": "x", "name": "pid", "value": "K7Q"}],
        }
    }
    found = read(TOOL, body, wanted)
    assert found.claims == {"pid": "K7Q"}
    assert by_key(found)["a1"].label == "How was the day?"
    assert values(found) == {"a1": "Long"}


@pytest.mark.parametrize(
    ("value", "stage"),
    [
        (True, Stage.TEST),
        ("true", Stage.TEST),
        (1, Stage.TEST),
        (False, Stage.COMPLETE),
        ("no", Stage.COMPLETE),
    ],
)
def test_a_test(value: Any, stage: Stage) -> None:
    assert envelope(TOOL, {"id": 1, "answers": {}, "test": value}, paths(test="test")).stage is stage


@pytest.mark.parametrize(
    "body", [{"answers": {}}, {"id": [1], "answers": {}}, {"id": 1}, {"id": 1, "answers": ["x"]}]
)
def test_what_is_not_where_it_should_be(body: Any) -> None:
    with pytest.raises(Unreadable):
        read(TOOL, body, paths())


def test_a_source_without_paths_says_so() -> None:
    with pytest.raises(Unreadable, match="paths"):
        envelope(TOOL, {"id": 1}, options(Proof.HEADER))
