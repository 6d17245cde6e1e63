"""ODK Central: asked for pages, each with several submissions."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from api.webhooks.adapters import ADAPTERS
from api.webhooks.normalised import Envelope, Normalised, Post, Stage, Unreadable
from tests.webhooks.adapters.reading import by_key, read, values
from tests.webhooks.samples import needs_samples, sample
from tests.webhooks.senders import SENDERS

pytestmark = needs_samples
ADAPTER, OPTIONS = ADAPTERS["odk_odata"], SENDERS["odk_odata"].options
TIMES = {"submissionDate": "2026-07-03T08:30:00.123Z", "updatedAt": None, "deletedAt": None}
ROW: dict[str, Any] = {
    "__id": "uuid:1",
    "__system": TIMES | {"submitterName": "Amira", "deviceId": "abc"},
    "meta": {"instanceID": "uuid:1", "instanceName": "Amira"},
    "pid": "K7Q",
    "day": {
        "themes": "skills data",
        "text": "We met.",
        "where": {"type": "Point", "coordinates": [-1.5, 53.8]},
    },
    "meeting@odata.navigationLink": "Submissions('uuid%3A1')/meeting",
    "meeting": [{"__id": "2", "__Submissions-id": "uuid:1", "who": "council"}],
}


def envelopes(*rows: dict[str, Any]) -> list[Envelope]:
    return ADAPTER.envelopes(Post(json.dumps({"value": rows}).encode()), OPTIONS)


def read_second(*rows: dict[str, Any]) -> Normalised:
    return ADAPTER.normalise(envelopes(*rows)[1], json.dumps({"value": rows}).encode(), OPTIONS)


def test_the_recorded_page() -> None:
    found = read("odk_odata", sample("odk/odata_submissions.json"))
    assert (found.form_id, found.submission_id) == ("7/simple", "uuid:85cb9aff-005e-4edd-9739-dc9c1a829c44")
    assert values(found) == {"age": 25}
    assert "Bob" not in repr(found)


def test_one_of_several_submissions() -> None:
    found = read_second(ROW | {"__id": "uuid:0", "pid": "OTHER"}, ROW)
    assert (found.submission_id, found.claims) == ("uuid:1", {"pid": "K7Q"})
    answers = by_key(found)
    assert (answers["day/themes"].alt_key, answers["day/themes"].option_ids) == ("themes", ("skills", "data"))
    assert answers["meeting"].value == [{"who": "council"}]
    assert "day/where" not in answers
    assert "Amira" not in repr(found)
    assert found.submitted_at == datetime(2026, 7, 3, 8, 30, 0, 123_000, UTC)


def test_an_edit_is_newer_and_a_deletion_is_told() -> None:
    later = TIMES | {"updatedAt": "2026-07-04T00:00:00Z"}
    gone = TIMES | {"deletedAt": "2026-07-05T00:00:00Z"}
    first, edit, end = envelopes(ROW, ROW | {"__system": later}, ROW | {"__system": gone})
    assert [one.stage for one in (first, edit, end)] == [Stage.COMPLETE, Stage.COMPLETE, Stage.DELETED]
    assert [one.revision_time.day for one in (first, edit, end) if one.revision_time] == [3, 4, 5]


def test_a_page_is_asked_for_from_a_time_on() -> None:
    asked = ADAPTER.page(
        datetime(2026, 7, 3, 8, 30, 0, 123_456, UTC), 250, "reader@example.org:pass", OPTIONS
    )
    assert asked is not None
    moment = "2026-07-03T08:30:00.123Z"
    assert (asked.method, asked.path) == ("GET", "/v1/projects/7/forms/simple.svc/Submissions")
    assert asked.parameters == {
        "$top": "100",
        "$skip": "250",
        "$expand": "*",
        "$filter": f"__system/submissionDate ge {moment} or __system/updatedAt ge {moment}",
    }
    assert asked.headers["Authorization"].startswith("Basic ")
    first = ADAPTER.page(None, 0, "session", OPTIONS)
    assert first is not None
    assert "$filter" not in first.parameters
    assert first.headers == {"Authorization": "Bearer session"}


@pytest.mark.parametrize("form", [None, "", "7", "7/a/b", "../7/a", "x/diary"])
def test_a_form_that_is_none(form: str | None) -> None:
    with pytest.raises(Unreadable):
        ADAPTER.page(None, 0, "token", OPTIONS.model_copy(update={"fetch_form": form}))


def test_the_name_of_a_form_leads_nowhere_else() -> None:
    asked = ADAPTER.page(None, 0, "token", OPTIONS.model_copy(update={"fetch_form": "7/a b?x#.."}))
    assert asked is not None
    assert asked.path == "/v1/projects/7/forms/a%20b%3Fx%23...svc/Submissions"


@pytest.mark.parametrize(
    "body", [b"{}", b'{"value": {}}', b'{"value": [1]}', b'{"value": [{}]}', b'{"message": "x"}']
)
def test_a_page_that_is_none(body: bytes) -> None:
    with pytest.raises(Unreadable):
        ADAPTER.envelopes(Post(body), OPTIONS)


def test_a_page_that_holds_more_than_was_asked_for() -> None:
    with pytest.raises(Unreadable):
        envelopes(*(ROW | {"__id": f"uuid:{number}"} for number in range(251)))


def test_a_submission_that_is_there_twice() -> None:
    with pytest.raises(Unreadable):
        read_second(ROW, ROW)
