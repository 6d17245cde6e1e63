"""A phone is lost: the leader or a coordinator signs it out, at once."""

from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

from sqlmodel import Session, select

from api.audit.events import Event
from api.audit.models import AuditEvent
from api.audit.service import Actor
from api.auth import sessions
from api.auth.models import Device
from api.auth.verbs import Role
from api.core import db
from api.core.ids import new_id
from tests.auth.test_sessions import doors, second_phone
from tests.meta.shape import nothing_stored, refused
from tests.personas import Leader, World


def devices_of(world: World, leader: Leader) -> str:
    return f"{world.path}/participants/{leader.participant_id}/devices"


def revocations(world: World) -> list[AuditEvent]:
    with db.reading(world.engine) as session:
        return [*session.exec(select(AuditEvent).where(AuditEvent.event == Event.DEVICE_REVOKED)).all()]


def test_a_coordinator_sees_a_leaders_devices_without_their_names(world: World) -> None:
    cora, leo = world.staff("Cora Coordinator", Role.COORDINATOR), world.join()
    tablet = second_phone(leo, world)
    world.join()
    answer = cora.get(devices_of(world, leo))
    assert [one["id"] for one in answer.json()] == [leo.device_id, tablet.device_id]
    assert {frozenset(one) for one in answer.json()} == {frozenset({"id", "signed_in_at", "last_seen_at"})}
    assert "Tablet" not in answer.text


def test_a_coordinator_signs_a_lost_phone_out_and_the_other_one_stays(world: World) -> None:
    cora, leo = world.staff("Cora Coordinator", Role.COORDINATOR), world.join()
    lost = second_phone(leo, world)
    assert cora.delete(f"{devices_of(world, leo)}/{lost.device_id}").status_code == 204
    with nothing_stored(world.engine):
        for answer in doors(lost):
            refused(answer, 401, "session-ended")
        renewed = lost.client.post("/v1/session/refresh", json={"refresh_token": lost.refresh_token})
        refused(renewed, 401, "session-ended")
        assert cora.delete(f"{devices_of(world, leo)}/{lost.device_id}").status_code == 204
    (event,) = revocations(world)
    assert (event.actor_kind, str(event.object_id), event.study_id) == (
        "staff",
        lost.device_id,
        world.study_id,
    )
    assert leo.keeps().status_code == 201
    assert [one["id"] for one in cora.get(devices_of(world, leo)).json()] == [leo.device_id]


def test_two_who_sign_the_same_phone_out_at_the_same_moment_are_one_event(world: World) -> None:
    leo = world.join()

    def sign_out(session: Session) -> None:
        sessions.revoke(session, Actor("staff"), leo.participant_id, UUID(leo.device_id))

    def another() -> None:
        with db.transaction(world.engine) as session:
            sign_out(session)

    with ThreadPoolExecutor(1) as thread, db.transaction(world.engine) as mine:
        seen = mine.get_one(Device, UUID(leo.device_id))
        assert seen.revoked_at is None
        theirs = thread.submit(another)
        if not world.settings.is_sqlite:  # which lets nobody write until I have committed
            theirs.result(timeout=30)
        sign_out(mine)
        assert seen.revoked_at is not None
    theirs.result(timeout=30)
    assert len(revocations(world)) == 1


def test_whoever_may_not_signs_nobody_out(world: World) -> None:
    other = World(world.client, world.engine, world.settings, "Another study")
    leo, lena, mia = world.join(), world.join(), other.join()
    rita = world.staff("Rita Reviewer", Role.REVIEWER)
    with nothing_stored(world.engine, but=["audit_event"]):
        for caller in (rita, world.ana):
            refused(caller.get(devices_of(world, leo)), 403, "forbidden")
            refused(caller.delete(f"{devices_of(world, leo)}/{leo.device_id}"), 403, "forbidden")
    with nothing_stored(world.engine):
        nobody = f"{world.path}/participants/{new_id()}/devices"
        strange = f"{world.path}/participants/{mia.participant_id}/devices"
        answers = [world.olivia.get(path) for path in (nobody, strange)]
        answers += [
            world.olivia.delete(path)
            for path in (
                f"{nobody}/{leo.device_id}",
                f"{strange}/{mia.device_id}",
                f"{devices_of(world, lena)}/{leo.device_id}",
                f"{devices_of(world, lena)}/{mia.device_id}",
                f"{devices_of(world, lena)}/{new_id()}",
            )
        ]
        bodies = [refused(answer, 404, "not-found") | {"request_id": ""} for answer in answers]
        assert all(body == bodies[0] for body in bodies)
        refused(other.olivia.delete(f"{devices_of(world, leo)}/{leo.device_id}"), 404, "not-found")
    for leader in (leo, lena, mia):
        assert leader.get("/v1/me").status_code == 200
