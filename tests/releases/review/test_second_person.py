"""Where a study asks for it, a second person signs a review off before a text is exported."""

import pytest

from tests.meta.shape import refused
from tests.releases.review.desk import Desk

PLAIN = "we pooled the budget"


@pytest.fixture
def careful(desk: Desk) -> Desk:
    """A study that asks for a second person."""
    assert desk.world.olivia.patch(desk.world.path, {"second_review": True}).json()["second_review"] is True
    return desk


def test_a_text_waits_for_a_second_and_different_person(careful: Desk) -> None:
    entry = careful.writes(PLAIN)
    refused(careful.sign_off(careful.text(entry), seen=1), 409, "text-decided-meanwhile")
    text = careful.decided(careful.text(entry))
    assert (text["state"], careful.exported(entry)) == ("second", [])
    assert (careful.counts().second, careful.counts().reviewed) == (1, 0)
    refused(careful.sign_off(text, careful.rita), 409, "second-person-needed")
    assert careful.exported(entry) == []
    (waiting,) = careful.queue("second", careful.ravi)["texts"]
    signed = careful.sign_off(waiting).json()
    assert signed["state"] == "reviewed"
    assert signed["decisions"][0]["by"] != signed["decisions"][0]["signed_off_by"] is not None
    assert signed["decisions"][0]["signed_off_at"]
    assert careful.sign_off(waiting).json() == signed
    assert careful.words(entry) == [PLAIN]
    counted = careful.queue("reviewed")
    assert (counted["second_review"], counted["counts"]["reviewed"], counted["counts"]["second"]) == (
        True,
        1,
        0,
    )
    assert [text["id"] for text in counted["texts"]] == [text["id"]]
    events = careful.world.olivia.get(f"{careful.world.path}/audit").json()["events"]
    assert sorted(one["event"] for one in events if one["event"].startswith("text.")) == [
        "text.reviewed",
        "text.signed_off",
    ]


def test_a_new_decision_needs_a_sign_off_of_its_own(careful: Desk) -> None:
    entry = careful.writes(PLAIN)
    text = careful.decided(careful.text(entry))
    text = careful.sign_off(text).json()
    changed = careful.decided(text, who=careful.ravi, paraphrase="They shared money.")
    assert (changed["state"], careful.exported(entry)) == ("second", [])
    refused(careful.sign_off(text), 409, "text-decided-meanwhile")
    refused(careful.sign_off(changed), 409, "second-person-needed")
    assert careful.sign_off(changed, careful.rita).status_code == 200
    assert careful.words(entry) == ["They shared money."]


def test_nothing_but_a_review_is_signed_off(careful: Desk) -> None:
    entry = careful.writes(PLAIN)
    text = careful.decided(careful.text(entry), "withheld")
    refused(careful.sign_off(text), 409, "nothing-to-sign-off")
    text = careful.decided(text)
    careful.edits(entry, "we pooled it all", base_version=1)
    refused(careful.sign_off(text), 409, "text-edited-meanwhile")
    refused(careful.sign_off(text, version=2), 409, "nothing-to-sign-off")
    assert careful.exported(entry) == []


def test_a_study_that_begins_to_ask_holds_back_what_one_person_reviewed(desk: Desk) -> None:
    entry = desk.writes(PLAIN)
    text = desk.decided(desk.text(entry))
    assert desk.words(entry) == [PLAIN]
    assert desk.queue("second")["texts"] == []
    desk.world.olivia.patch(desk.world.path, {"second_review": True})
    assert desk.exported(entry) == []
    assert desk.counts().redacted == {}
    assert desk.sign_off(text).status_code == 200
    desk.world.olivia.patch(desk.world.path, {"second_review": False})
    assert desk.words(entry) == [PLAIN]


def test_coordinators_and_analysts_sign_nothing_off(careful: Desk) -> None:
    text = careful.decided(careful.text(careful.writes(PLAIN)))
    refused(careful.sign_off(text, careful.world.ana), 403, "forbidden")
