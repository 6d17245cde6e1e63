"""A leader's device sessions: listed, renewed, ended at once."""

from datetime import timedelta
from typing import Any

import time_machine

from api.auth import sessions
from api.core import clock, crypto, db
from api.core.ids import new_id
from tests.meta.shape import contents, nothing_stored, refused
from tests.personas import Leader, World, entry_body


def second_phone(leo: Leader, world: World) -> Leader:
    """Sign the same leader in on another device."""
    with db.transaction(world.engine) as session:
        tokens = sessions.start(session, world.settings, leo.participant_id, world.study_id, "Tablet")
    return Leader(
        leo.client,
        tokens.access_token or "",
        leo.participant_id,
        tokens.refresh_token or "",
        str(tokens.device_id),
    )


def doors(leader: Leader) -> list[Any]:
    """Knock at every kind of door: reading, writing, and the ingest doors."""
    return [
        leader.get("/v1/me"),
        leader.get("/v1/entries"),
        leader.put("/v1/me/contact", {"name": "Leo"}),
        leader.keeps(),
        leader.delete(f"/v1/entries/{new_id()}"),
        leader.post("/v1/sync", {}),
        leader.post("/v1/sync", {"ops": [{"op": "put", "id": str(new_id()), "entry": entry_body()}]}),
    ]


def test_devices_are_listed_and_this_one_is_marked(world: World) -> None:
    leo = world.join()
    tablet = second_phone(leo, world)
    world.join()
    found = leo.get("/v1/me/devices").json()
    assert [(one["id"], one["name"], one["this_device"]) for one in found] == [
        (leo.device_id, "Phone", True),
        (tablet.device_id, "Tablet", False),
    ]


def test_a_device_that_was_signed_out_is_out_at_once_at_every_door(world: World) -> None:
    leo = world.join()
    lost = second_phone(leo, world)
    assert lost.get("/v1/me").status_code == 200
    assert leo.delete(f"/v1/me/devices/{lost.device_id}").status_code == 204
    with nothing_stored(world.engine):
        for answer in doors(lost):
            refused(answer, 401, "session-ended")
        refused(
            lost.client.post("/v1/session/refresh", json={"refresh_token": lost.refresh_token}),
            401,
            "session-ended",
        )
        assert leo.delete(f"/v1/me/devices/{lost.device_id}").status_code == 204
    assert leo.keeps().status_code == 201
    assert len(leo.get("/v1/me/devices").json()) == 1


def test_signing_out_ends_this_device_only(world: World) -> None:
    leo = world.join()
    tablet = second_phone(leo, world)
    assert leo.delete("/v1/session").status_code == 204
    for answer in doors(leo):
        refused(answer, 401, "session-ended")
    assert tablet.get("/v1/me").status_code == 200


def test_another_leaders_device_does_not_exist(world: World) -> None:
    leo, lena = world.join(), world.join()
    with nothing_stored(world.engine):
        theirs = refused(lena.delete(f"/v1/me/devices/{leo.device_id}"), 404, "not-found")
        nobodys = refused(lena.delete(f"/v1/me/devices/{new_id()}"), 404, "not-found")
    assert theirs | {"request_id": 0} == nobodys | {"request_id": 0}
    assert leo.get("/v1/me").status_code == 200


def test_an_access_token_ends_and_is_renewed(world: World) -> None:
    leo = world.join()
    with time_machine.travel(clock.now() + timedelta(minutes=16)):
        for answer in doors(leo):
            refused(answer, 401, "session-ended")
        renewed = leo.client.post("/v1/session/refresh", json={"refresh_token": leo.refresh_token})
        assert renewed.status_code == 200
        assert renewed.json()["device_id"] == leo.device_id
        leo.token = renewed.json()["access_token"]
        assert leo.keeps().status_code == 201
        assert leo.get("/v1/me/devices").json()[0]["last_seen_at"] is not None


def test_a_wrong_refresh_token_renews_nothing(world: World) -> None:
    leo = world.join()
    with nothing_stored(world.engine):
        for wrong in ("dbr_" + "x" * 43, leo.token[:200], world.olivia.token, ""):
            refused(
                world.client.post("/v1/session/refresh", json={"refresh_token": wrong}),
                401,
                "session-ended",
                wrong,
            )
        refused(world.client.post("/v1/session/refresh", json={}), 401, "unauthenticated")
        refused(
            world.client.get("/v1/me", headers={"Authorization": f"Bearer {leo.refresh_token}"}), 401, None
        )


def test_a_token_that_names_another_persons_device_opens_nothing(world: World) -> None:
    leo, lena = world.join(), world.join()
    key = world.settings.signing_key.get_secret_value()
    claims = {"study": str(world.study_id), "device": leo.device_id}
    forged = Leader(world.client, crypto.sign(key, "access", lena.participant_id, 15, **claims))
    wordless = Leader(world.client, crypto.sign(key, "access", lena.participant_id, 15))
    strange = Leader(world.client, crypto.sign(key, "access", lena.participant_id, 15, study="x", device="y"))
    with nothing_stored(world.engine):
        for leader in (forged, wordless, strange):
            for answer in doors(leader):
                refused(answer, 401, "session-ended")


def test_secrets_of_a_session_are_stored_as_hashes_only(world: World) -> None:
    leo = world.join()
    assert leo.refresh_token.startswith("dbr_")
    assert leo.refresh_token[4:] not in str(contents(world.engine))
