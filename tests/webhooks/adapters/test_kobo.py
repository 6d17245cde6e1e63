"""KoboToolbox: flat keys, UTC without saying so, edits that keep their root."""

from base64 import b64encode
from datetime import UTC, datetime
from typing import Any

import pytest

from api.webhooks.adapters import ADAPTERS
from api.webhooks.normalised import Post, Unreadable
from api.webhooks.signatures import Refusal
from schemas.source import Proof
from tests.webhooks.adapters.reading import by_key, envelope, read, values
from tests.webhooks.samples import needs_samples, sample, sample_json
from tests.webhooks.senders import SENDERS, options

pytestmark = needs_samples


def recorded(**more: Any) -> dict[str, Any]:
    body: dict[str, Any] = sample_json("kobo/submission_flat.json")
    return body | more


def test_the_recorded_submission() -> None:
    found = read("kobo", sample("kobo/submission_flat.json"), options(Proof.BASIC, time_zone="Europe/London"))
    assert found.form_id == "axD3Wc8ZnfgLXBcURRt5fM"
    assert found.submission_id == "be5817e1-dd67-42b0-a6bd-30bf5ecfe4d3"
    assert found.submitted_at == datetime(2017, 12, 18, 22, 47, 10, tzinfo=UTC)
    assert found.started_at == datetime(2017, 12, 18, 22, 46, 22, tzinfo=UTC)
    assert values(found) == {
        "created_in_first_version": "submitted to second version (1)",
        "created_in_second_version": "submitted to second version (2)",
    }
    assert "someuser" not in repr(found)


def test_an_edit_is_the_same_submission_and_newer() -> None:
    first = envelope("kobo", recorded())
    root = {"meta/deprecatedID": "uuid:last", "meta/rootUuid": f"uuid:{first.submission_id}"}
    edit = recorded(_uuid="new", end="2017-12-19T09:00:00+00:00", **root)
    again = envelope("kobo", edit)
    assert again.submission_id == first.submission_id
    assert first.revision_time is not None
    assert again.revision_time is not None
    assert again.revision_time > first.revision_time


def test_groups_repeats_choices_places_and_the_code() -> None:
    body = recorded(
        **{
            "day/pid": "K7Q",
            "day/themes": "skills data_for_place",
            "day/text": "We met, and decided.",
            "where": "53.8008 -1.5491 0 0",
            "day/meeting": [{"day/meeting/who": "council", "day/meeting/long": "30"}],
            "none": "",
        }
    )
    found = read("kobo", body)
    assert found.claims == {"pid": "K7Q"}
    answers = by_key(found)
    assert (answers["day/themes"].alt_key, answers["day/themes"].option_ids) == (
        "themes",
        ("skills", "data_for_place"),
    )
    assert answers["day/text"].option_ids == ()
    assert answers["day/meeting"].value == [{"who": "council", "long": "30"}]
    assert "where" not in answers
    assert "none" not in answers


def test_two_questions_that_name_different_participants() -> None:
    with pytest.raises(Unreadable):
        read("kobo", recorded(**{"a/pid": "K7Q", "b/pid": "OTHER"}))


def test_a_key_in_a_header_of_another_name() -> None:
    wanted = options(Proof.HEADER, header_name="X-Study")
    post = Post(b"{}", "application/json", {"x-study": "key"})
    assert ADAPTERS["kobo"].refusal(post, ["key"], wanted) is None
    assert ADAPTERS["kobo"].refusal(post, ["other"], wanted) == Refusal.WRONG
    assert ADAPTERS["kobo"].refusal(Post(b"{}"), ["key"], wanted) == Refusal.MISSING


@pytest.mark.parametrize(
    ("sent", "verdict"),
    [
        ("whoever:s3cr3t", None),
        ("whoever:wrong", Refusal.WRONG),
        ("s3cr3t", Refusal.WRONG),
        (":s3cr3t", None),
    ],
)
def test_a_secret_without_a_colon_is_the_password_of_any_name(sent: str, verdict: Refusal | None) -> None:
    post = Post(b"{}", "", {"authorization": f"Basic {b64encode(sent.encode()).decode()}"})
    assert ADAPTERS["kobo"].refusal(post, ["s3cr3t"], SENDERS["kobo"].options) == verdict


@pytest.mark.parametrize(
    "given", ["Bearer aG9vazpzM2NyM3Q=", "Basic !", "Basic", "s3cr3t", "Basic aG9v azpz"]
)
def test_a_header_that_is_no_name_and_password(given: str) -> None:
    post = Post(b"{}", "", {"authorization": given})
    assert ADAPTERS["kobo"].refusal(post, ["hook:s3cr3t"], SENDERS["kobo"].options) in {
        Refusal.MALFORMED,
        Refusal.WRONG,
    }
