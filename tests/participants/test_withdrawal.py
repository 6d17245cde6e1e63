"""Leo withdraws: as far as he says, at once, with a receipt to keep."""

from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlmodel import select

from api.audit.models import AuditEvent
from api.core import clock, db
from api.core.ids import new_id
from api.participants.service import sharing
from api.prompts import service as prompts
from api.prompts.models import Prompt
from tests.meta.bodies import CONSENT
from tests.meta.shape import contents, nothing_stored, refused
from tests.personas import PROFILE, Leader, World, entry_body

SECRET = "Whether to close the library in Ambridge"


def withdraw(leader: Leader, scope: str) -> Any:
    return leader.post("/v1/me/withdrawal", {"scope": scope})


def shares(world: World, leader: Leader) -> bool:
    with db.reading(world.engine) as session:
        return leader.participant_id in sharing(session, world.study_id, clock.now())


def full(world: World) -> tuple[Leader, list[str]]:
    """A leader of whom everything is held."""
    leo = world.join()
    kept = [
        str(leo.keeps(answers=entry_body()["answers"] | {"headline": SECRET}).json()["id"]) for _ in range(3)
    ]
    leo.put("/v1/me/contact", {"email": "leo@example.org"})
    with db.transaction(world.engine) as session:
        prompt = Prompt(
            study_id=world.study_id,
            participant_id=leo.participant_id,
            occasion="monday",
            instrument="place_leadership_diary",
            kind="moment",
            time_zone="Europe/London",
            planned_at=clock.now(),
        )
        prompts.add(session, [prompt])
    return leo, kept


def test_stopping_prompts_stops_nothing_else(world: World) -> None:
    leo, _ = full(world)
    receipt = withdraw(leo, "stop_prompts")
    assert receipt.status_code == 200
    assert receipt.json()["done"] == {"reminders": 1}
    me = leo.get("/v1/me").json()
    assert (me["status"], me["sharing"], me["prompts_stopped"]) == ("enrolled", True, True)
    assert leo.keeps().status_code == 201
    assert shares(world, leo)


def test_out_of_releases_keeps_what_is_there_and_takes_nothing_new(world: World) -> None:
    leo, kept = full(world)
    body = entry_body()
    entry = new_id()
    assert leo.put(f"/v1/entries/{entry}", body).status_code == 201
    receipt = withdraw(leo, "out_of_releases").json()
    assert receipt["done"] == {"reminders": 1, "consents": 1}
    assert not shares(world, leo)
    me = leo.get("/v1/me").json()
    assert (me["status"], me["consent_version"], me["sharing"]) == ("withdrawn", None, False)
    assert len(leo.get("/v1/entries").json()["entries"]) == len(kept) + 1
    with nothing_stored(world.engine):
        refused(leo.keeps(), 403, "participant-withdrawn")
        refused(leo.put(f"/v1/entries/{entry}", body | {"base_version": 1}), 403, "participant-withdrawn")
        refused(leo.put("/v1/me/profile", {"answers": PROFILE}), 403, "participant-withdrawn")
        refused(leo.put("/v1/me/contact", {"name": "Leo"}), 403, "participant-withdrawn")
        refused(leo.put("/v1/me/consent", CONSENT), 403, "participant-withdrawn")
        assert leo.put(f"/v1/entries/{entry}", body).status_code == 200, "its receipt is still given"
    assert leo.delete(f"/v1/entries/{entry}").status_code == 204


def test_erasing_leaves_tombstones_and_a_receipt_and_nothing_else(world: World) -> None:
    leo, kept = full(world)
    lena, hers = full(world)
    receipt = withdraw(leo, "erase")
    assert receipt.status_code == 200, receipt.text
    assert receipt.json()["done"] == {
        "reminders": 1,
        "consents": 1,
        "entries": 3,
        "prompts": 1,
        "profile_values": len(PROFILE),
        "contact_records": 1,
        "devices": 1,
        "survey_posts": 0,
    }
    left = contents(world.engine)
    for table in ("entry", "entry_revision", "participant_attribute", "prompt"):
        assert not [
            row for row in left[table] if str(leo.participant_id) in row or any(one in row for one in kept)
        ]
        assert [
            row for row in left[table] if str(lena.participant_id) in row or any(one in row for one in hers)
        ]
    assert sorted(row.split("'")[1] for row in left["entry_tombstone"]) == sorted(kept)
    (contact,) = [row for row in left["contact"] if str(leo.participant_id) in row]
    assert "None, None" in contact
    assert len(lena.get("/v1/entries").json()["entries"]) == 3


def test_after_erasing_every_door_is_closed_to_every_device(world: World) -> None:
    leo, kept = full(world)
    withdraw(leo, "erase")
    with nothing_stored(world.engine):
        refused(leo.get("/v1/me"), 401, "session-ended")
        refused(leo.keeps(), 401, "session-ended")
        refused(leo.keeps(UUID(kept[0])), 401, "session-ended")
        refused(leo.post("/v1/sync", {"ops": [{"op": "delete", "id": kept[0]}]}), 401, "session-ended")
        again = leo.client.post("/v1/session/refresh", json={"refresh_token": leo.refresh_token})
        refused(again, 401, "session-ended")


def test_an_erased_entrys_id_is_never_used_again_by_anyone(world: World) -> None:
    leo, kept = full(world)
    withdraw(leo, "erase")
    lena = world.join()
    with nothing_stored(world.engine):
        refused(lena.keeps(UUID(kept[0])), 404, "not-found")
        refused(lena.get(f"/v1/entries/{kept[0]}"), 404, "not-found")


@pytest.mark.parametrize("scope", ["stop_prompts", "out_of_releases"])
def test_a_second_click_gets_the_same_receipt(world: World, scope: str) -> None:
    leo, _ = full(world)
    first = withdraw(leo, scope)
    with nothing_stored(world.engine):
        assert withdraw(leo, scope).json() == first.json()


def test_a_withdrawal_may_go_further_later(world: World) -> None:
    leo, _ = full(world)
    ids = {withdraw(leo, scope).json()["id"] for scope in ("stop_prompts", "out_of_releases", "erase")}
    assert len(ids) == 3
    with db.reading(world.engine) as session:
        found = [
            row.detail for row in session.exec(select(AuditEvent)) if row.event == "participant.withdrew"
        ]
    assert [one["scope"] for one in found] == ["stop_prompts", "out_of_releases", "erase"]


def test_a_wrong_scope_is_refused(world: World) -> None:
    leo, _ = full(world)
    with nothing_stored(world.engine):
        for wrong in ("everything", None, ["erase"], 1):
            refused(leo.post("/v1/me/withdrawal", {"scope": wrong}), 422, "invalid")
        refused(leo.post("/v1/me/withdrawal", {}), 422, "invalid")
        refused(
            leo.post("/v1/me/withdrawal", {"scope": "erase", "participant_id": str(new_id())}), 422, "invalid"
        )


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
def test_what_was_erased_is_not_in_the_database_file_any_more(world: World) -> None:
    leo, _ = full(world)
    folder = Path(world.settings.data_dir)

    def on_disk() -> bytes:
        return b"".join(file.read_bytes() for file in sorted(folder.glob("daybook.sqlite3*")))

    assert SECRET.encode() in on_disk()
    assert withdraw(leo, "erase").status_code == 200
    assert SECRET.encode() not in on_disk()


def test_a_receipt_that_was_lost_on_a_train_is_given_again_though_the_session_has_ended(world: World) -> None:
    leo, _ = full(world)
    first = withdraw(leo, "erase")
    again = withdraw(leo, "erase")
    assert (again.status_code, again.json()) == (200, first.json())
    refused(withdraw(leo, "stop_prompts"), 401, "session-ended")
    refused(leo.get("/v1/me"), 401, "session-ended")
    other = world.join()
    assert withdraw(other, "erase").json()["id"] != first.json()["id"]
