"""The receipt of a withdrawal: a letter for Leo, and for those whom Cora, the coordinator, withdraws by telephone."""

from typing import Any
from uuid import UUID

import pytest
from sqlmodel import select

from api.audit.models import AuditEvent
from api.auth.verbs import Role
from api.core import db
from api.core.ids import new_id
from api.participants import receipts
from schemas.participant import WithdrawalReceipt
from tests.meta.shape import nothing_stored, refused
from tests.participants.test_withdrawal import full, withdraw
from tests.personas import World
from tests.releases.test_pipeline import ask

LETTER = """Withdrawal from the study: Place leadership

3 November 2026, 08:30 UTC. Receipt 018f4c1e-7a3b-7c4d-8e5f-0123456789ab.

You have left the study, and what you gave us has been erased. Nobody can bring it back, and that includes us. \
Your devices are signed out. The study team recorded this at your request.

What was erased: 1 diary entry and 2 voice notes.

What cannot be recalled: release 3, made before, holds de-identified data of yours. Researchers already have it. \
Your name and contact details are in none of our releases.

What we keep: """


def by_telephone(caller: Any, world: World, who: UUID, scope: str) -> Any:
    return caller.post(f"{world.path}/participants/{who}/withdrawal", {"scope": scope})


def withdrawals(caller: Any, world: World, who: UUID) -> Any:
    return caller.get(f"{world.path}/participants/{who}/withdrawals")


def test_stopping_reminders_says_that_nothing_else_changed(world: World) -> None:
    leo, _ = full(world)
    text = withdraw(leo, "stop_prompts").json()["text"]
    assert text.startswith("Withdrawal from the study: Place leadership\n\n")
    assert "You will get no more reminders. Nothing else has changed" in text
    assert "release" not in text


def test_leaving_says_what_is_still_kept(world: World) -> None:
    leo, _ = full(world)
    receipt = withdraw(leo, "out_of_releases").json()
    assert "What you had written is still kept" in receipt["text"]
    assert "No release made so far holds anything of yours" in receipt["text"]
    assert receipt["id"] in receipt["text"]
    assert receipt["by_study_team"] is False


def test_erasing_counts_what_went_and_names_the_releases_that_stay(world: World) -> None:
    leo, _ = full(world)
    for _ in range(4):
        world.join().keeps()
    assert [ask(world)["status"] for _ in range(2)] == ["published"] * 2
    receipt = withdraw(leo, "erase").json()
    assert receipt["releases_not_recalled"] == [1, 2]
    counted = "3 diary entries, 1 reminder, 4 profile answers, 1 contact record and 1 signed-in device"
    said = receipt["text"].split("What was erased: ")[1].split(".")[0]
    assert sorted(said.replace(" and ", ", ").split(", ")) == sorted(
        counted.replace(" and ", ", ").split(", ")
    )
    assert (
        "What cannot be recalled: releases 1 and 2, made before, hold de-identified data" in receipt["text"]
    )
    assert "leo" not in receipt["text"].lower()


def test_a_letter_is_short_plain_and_whole() -> None:
    receipt = WithdrawalReceipt.model_validate(
        {
            "id": "018f4c1e-7a3b-7c4d-8e5f-0123456789ab",
            "scope": "erase",
            "at": "2026-11-03T08:30:00Z",
            "by_study_team": True,
            "done": {"reminders": 1, "consents": 1, "entries": 1, "voice_notes": 2, "prompts": 0},
            "releases_not_recalled": [3],
        }
    )
    letter = receipts.letter(receipt, "Place leadership")
    assert letter.startswith(LETTER)
    nothing = receipt.model_copy(update={"done": {"entries": 0}})
    assert "There was nothing of yours to erase." in receipts.letter(nothing, "Place leadership")
    assert len(letter.split()) < 250


def test_cora_withdraws_leo_who_telephoned(world: World) -> None:
    cora = world.staff("Cora Coordinator", Role.COORDINATOR)
    leo, kept = full(world)
    done = by_telephone(cora, world, leo.participant_id, "erase")
    assert done.status_code == 200, done.text
    assert done.json()["by_study_team"] is True
    assert done.json()["done"]["entries"] == len(kept)
    refused(leo.get("/v1/me"), 401, "session-ended")
    with db.reading(world.engine) as session:
        events = [row for row in session.exec(select(AuditEvent)) if row.event == "participant.withdrew"]
    assert [(row.actor_kind, row.object_id) for row in events] == [("staff", leo.participant_id)]
    with nothing_stored(world.engine):
        assert by_telephone(cora, world, leo.participant_id, "erase").json() == done.json()
        assert withdrawals(cora, world, leo.participant_id).json() == [done.json()]


def test_a_leader_who_lost_the_answer_gets_the_same_receipt_from_cora(world: World) -> None:
    leo, _ = full(world)
    given = [withdraw(leo, scope).json() for scope in ("out_of_releases", "erase")]
    cora = world.staff("Cora Coordinator", Role.COORDINATOR)
    assert withdrawals(cora, world, leo.participant_id).json() == given


@pytest.mark.parametrize("scope", ["out_of_releases", "erase"])
def test_who_withdrew_before_they_joined_cannot_join_by_their_code(world: World, scope: str) -> None:
    made = world.olivia.post(f"{world.path}/invitations", {"count": 1}).json()[0]
    assert by_telephone(world.olivia, world, made["participant_id"], scope).status_code == 200
    consent = {"document_version": 1, "statements": {"read": True, "take_part": True}}
    body = {"code": made["code"], "attempt": str(new_id()), "consent": consent}
    with nothing_stored(world.engine):
        slug = {"erase": (422, "code-not-valid"), "out_of_releases": (403, "participant-withdrawn")}[scope]
        refused(world.client.post("/v1/join", json=body), *slug)


def test_only_who_looks_after_participants_withdraws_them(world: World) -> None:
    leo, _ = full(world)
    other = World(world.client, world.engine, world.settings, "Another study")
    rita = world.staff("Rita Reviewer", Role.REVIEWER)
    path = f"{world.path}/participants/{leo.participant_id}"
    with nothing_stored(world.engine, but=["audit_event"]):
        for nobody in (rita, world.ana):
            refused(by_telephone(nobody, world, leo.participant_id, "erase"), 403, "forbidden")
            refused(withdrawals(nobody, world, leo.participant_id), 403, "forbidden")
        refused(world.client.post(f"{path}/withdrawal", json={"scope": "erase"}), 401, "unauthenticated")
    with nothing_stored(world.engine):
        for who in (leo.participant_id, new_id()):
            # In a study of her own, somebody else's participant does not exist.
            refused(by_telephone(other.olivia, other, who, "erase"), 404, "not-found")
            refused(withdrawals(other.olivia, other, who), 404, "not-found")
        refused(by_telephone(world.olivia, world, new_id(), "erase"), 404, "not-found")
        refused(by_telephone(world.olivia, world, leo.participant_id, "everything"), 422, "invalid")
