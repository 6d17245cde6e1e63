"""Formbricks' four events, our script's body, and the signature beside its oracle."""

import json
from base64 import b64encode
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine

from api.webhooks.adapters.standard import Standard
from api.webhooks.normalised import Envelope, Normalised, Post, Stage, Unreadable
from api.webhooks.signatures import Refusal
from schemas.source import SourceOptions
from tests.webhooks.samples import needs_samples, sample, sample_json
from tests.webhooks.senders import SENDERS, standard

pytestmark = needs_samples
ADAPTER, OPTIONS = Standard(), SourceOptions(forms=[], time_zone="Europe/London")
PLAIN: dict[str, Any] = {
    "formId": "F",
    "responseId": "R",
    "timestamp": "2026-07-03T08:30:00",
    "hidden": {"pid": "K7Q", "wave": 2, "email": "amira@example.org"},
    "answers": [{"key": "q1", "label": "What did you decide?", "value": "The budget", "type": "TEXT"}],
}


def envelope(body: Any) -> Envelope:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    (found,) = ADAPTER.envelopes(Post(raw), OPTIONS)
    return found


def read(body: Any) -> Normalised:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return ADAPTER.normalise(envelope(raw), raw, OPTIONS)


@pytest.mark.parametrize(
    ("name", "stage", "at"),
    [("Created", Stage.PARTIAL, 29), ("Updated", Stage.PARTIAL, 33), ("Finished", Stage.COMPLETE, 56)],
)
def test_formbricks_posts_one_response_up_to_three_times(name: str, stage: Stage, at: int) -> None:
    found = envelope(sample(f"formbricks/response{name}.json"))
    assert (found.stage, found.form_id, found.submission_id) == (stage, "surveyId", "responseId")
    assert found.revision_time is not None
    assert (found.revision_time.minute, found.revision_time.second) == (47, at)


def test_an_update_after_the_finish_is_complete_and_newer() -> None:
    late = sample_json("formbricks/responseUpdated.json")
    late["data"] |= {"finished": True, "updatedAt": "2025-07-25T00:00:00.000Z"}
    earlier = envelope(sample("formbricks/responseFinished.json"))
    found = envelope(late)
    assert found.stage is Stage.COMPLETE
    assert found.revision_time is not None
    assert earlier.revision_time is not None
    assert found.revision_time > earlier.revision_time


def test_formbricks_test_of_the_endpoint_is_a_test() -> None:
    assert envelope(sample("formbricks/testEndpoint.json")) == Envelope(Stage.TEST, "testEndpoint")


def test_an_event_of_another_kind_is_left_alone() -> None:
    assert envelope({"event": "somethingNew", "data": {}}).stage is Stage.OTHER


def test_formbricks_answers_without_who_where_and_with_what() -> None:
    body = sample_json("formbricks/responseFinished.json")
    body["data"]["data"] |= {"pid": "K7Q", "none": "", "zero": 0, "no": False, "many": ["a", "b"]}
    body["data"]["contactAttributes"] = {"email": "amira@example.org"}
    found = read(body)
    assert found.claims == {"pid": "K7Q"}
    assert {answer.key: answer.value for answer in found.answers} == {
        "newsletter_consent": "accepted",
        "welcome_card_cta": "clicked",
        "zero": 0,
        "no": False,
        "many": ["a", "b"],
    }
    assert found.submitted_at == datetime(2025, 7, 24, 7, 47, 56, 116_000, UTC)
    assert found.started_at == datetime(2025, 7, 24, 7, 47, 29, 507_000, UTC)
    assert not any(word in repr(found) for word in ("Chrome", "macOS", "DE", "example.org", "https:"))


def test_the_recorded_post_of_google_forms() -> None:
    found = read(sample("google_forms/apps_script_CONSTRUCTED_from_script.json"))
    assert (found.form_id, found.submission_id) == ("1FAIpQLSc", "2_ABaOnue")
    assert {answer.label: answer.value for answer in found.answers} == {
        "What did you decide today?": "Café £2m",
        "Which themes?": ["Data for Place", "Skills"],
    }
    assert found.claims == {}


def test_a_plain_post_says_all_there_is_to_say() -> None:
    found = read(PLAIN)
    assert found.claims == {"pid": "K7Q"}
    assert [(one.key, one.value, one.label, one.type) for one in found.answers] == [
        ("wave", 2, None, "hidden"),
        ("q1", "The budget", "What did you decide?", "TEXT"),
    ]
    assert found.submitted_at == datetime(2026, 7, 3, 7, 30, tzinfo=UTC), "summer time in London"
    assert found.warnings == ("'email' was left out: contact details and files are not kept.",)


@pytest.mark.parametrize(
    ("more", "stage"),
    [
        ({"finished": False}, Stage.PARTIAL),
        ({"deleted": True}, Stage.DELETED),
        ({"test": True}, Stage.TEST),
        ({"finished": True}, Stage.COMPLETE),
    ],
)
def test_a_plain_post_of_each_stage(more: dict[str, Any], stage: Stage) -> None:
    assert envelope(PLAIN | more).stage is stage


@pytest.mark.parametrize(
    "more",
    [
        {"responses": {"pid": "ANOTHER"}},
        {"answers": [{"key": "q1", "value": 1}, {"key": "q1", "value": 2}]},
        {"answers": [{"value": 1}]},
        {"answers": {"q1": 1}},
        {"responseId": ""},
        {"responseId": "x" * 201},
        {"responseId": "a\x00"},
        {"formId": None},
    ],
    ids=["two participants", "two answers", "no key", "no list", "no id", "long id", "NUL in id", "no form"],
)
def test_what_contradicts_itself_is_never_guessed(more: dict[str, Any]) -> None:
    with pytest.raises(Unreadable):
        read(PLAIN | more)


def test_strange_signs_are_taken_out_of_answers_and_told() -> None:
    found = read(PLAIN | {"responses": {"q\x00": {"a\x00": ["b\ud800c"]}}, "answers": []})
    (answer,) = [one for one in found.answers if one.type != "hidden"]
    assert (answer.key, answer.value, answer.label) == ("q", {"a": ["bc"]}, "q")
    assert any("taken out" in warning for warning in found.warnings)


def test_a_code_with_strange_signs_is_nobody() -> None:
    assert read(PLAIN | {"hidden": {"pid": "K7Q\x00"}}).claims == {}


def test_one_good_signature_among_bad_ones_is_enough() -> None:
    sender = SENDERS["standard"]
    body, headers = standard(b"{}", sender.secret)
    forged = b64encode(bytes(32)).decode()
    headers["webhook-signature"] = f"v2,abc v1,{forged} {headers['webhook-signature']}"
    assert ADAPTER.refusal(Post(body, "", headers), [sender.secret], OPTIONS) is None


@pytest.mark.parametrize("name", ["webhook-id", "webhook-timestamp"])
def test_identifier_and_time_are_signed_too(name: str) -> None:
    sender = SENDERS["standard"]
    body, headers = standard(b"{}", sender.secret, at=1_764_000_000)
    headers[name] = "1764000001"
    with time_machine.travel(datetime.fromtimestamp(1_764_000_001, UTC), tick=False):
        assert ADAPTER.refusal(Post(body, "", headers), [sender.secret], OPTIONS) == Refusal.WRONG


def test_a_secret_that_is_no_base64_proves_nothing() -> None:
    made = SENDERS["standard"].made()
    assert ADAPTER.refusal(made, ["whsec_no base64!"], OPTIONS) == Refusal.NO_SECRET


def test_a_secret_may_lack_its_prefix_and_padding() -> None:
    sender = SENDERS["standard"]
    for secret in (sender.secret.rstrip("="), sender.secret.removeprefix("whsec_")):
        assert secret != sender.secret
        assert ADAPTER.refusal(sender.made(), [secret], OPTIONS) is None
