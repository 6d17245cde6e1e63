"""Who is in a study, with which role, and with which tokens; and who may change that."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from sqlmodel import select

from api.audit.events import Event
from api.audit.models import AuditEvent
from api.auth.models import Membership, Staff
from api.auth.verbs import Role
from api.core import clock, db
from api.core.ids import new_id
from tests.auth.people import Browser, browser, person, staff_id
from tests.meta.shape import contents, nothing_stored, pointers, refused
from tests.personas import Caller, World


@pytest.fixture
def oscar(world: World) -> Browser:
    return browser(world, "Oscar Owner", Role.OWNER)


def id_of(world: World, name: str) -> Any:
    with db.reading(world.engine) as session:
        return session.exec(select(Staff).where(Staff.name == name)).one().id


def makes(mine: Caller, study: Any, **changes: Any) -> Any:
    body = {"study_id": str(study), "name": "R", "verbs": ["study.read"], "days": 1} | changes
    return mine.post("/v1/staff/tokens", body)


def test_members_are_listed(world: World, oscar: Browser) -> None:
    listed = oscar.get(f"{world.path}/members").json()
    assert [(one["name"], one["role"], one["disabled"]) for one in listed] == [
        ("Olivia Owner", "owner", False),
        ("Ana Analyst", "analyst", False),
        ("Oscar Owner", "owner", False),
    ]


def test_a_role_is_changed_at_once_and_nobody_is_added_by_it(world: World, oscar: Browser) -> None:
    ana = f"{world.path}/members/{id_of(world, 'Ana Analyst')}"
    mia = browser(world, "Mia Member")
    before = len(contents(world.engine)["audit_event"])
    for _ in range(2):
        changed = oscar.put(ana, {"role": "reviewer"})
        assert (changed.status_code, changed.json()["role"]) == (200, "reviewer")
    assert len(contents(world.engine)["audit_event"]) == before + 1, "a second click is no change"
    refused(world.ana.get(f"{world.path}/releases"), 403, "forbidden")
    with nothing_stored(world.engine):
        outsider = oscar.put(f"{world.path}/members/{staff_id(mia)}", {"role": "owner"})
        nobody = oscar.put(f"{world.path}/members/{new_id()}", {"role": "owner"})
        assert refused(outsider, 404, "not-found") | {"request_id": 0} == refused(
            nobody, 404, "not-found"
        ) | {"request_id": 0}
        for wrong in ({"role": "king"}, {"role": "owner", "study_id": str(new_id())}, {}):
            refused(oscar.put(ana, wrong), 422, "invalid")


def test_a_removed_member_is_out_at_once_with_sessions_and_tokens(world: World, oscar: Browser) -> None:
    nia = browser(world, "Nia New", Role.ANALYST)
    token = Caller(world.client, makes(nia, world.study_id).json()["secret"])
    assert (nia.get(world.path).status_code, token.get(world.path).status_code) == (200, 200)
    assert oscar.delete(f"{world.path}/members/{staff_id(nia)}").status_code == 204
    refused(nia.get(world.path), 404, "not-found")
    refused(token.get(world.path), 401, "unauthenticated")
    assert nia.get("/v1/staff/session").json()["memberships"] == []
    refused(oscar.delete(f"{world.path}/members/{staff_id(nia)}"), 404, "not-found")
    with db.reading(world.engine) as session:
        (event,) = session.exec(select(AuditEvent).where(AuditEvent.event == Event.MEMBER_REMOVED)).all()
    assert event.detail == {"tokens": 1, "invitations": 0}


def test_the_last_owner_stays(world: World, oscar: Browser) -> None:
    olivia, me = id_of(world, "Olivia Owner"), staff_id(oscar)
    assert oscar.delete(f"{world.path}/members/{olivia}").status_code == 204
    with nothing_stored(world.engine):
        refused(oscar.delete(f"{world.path}/members/{me}"), 409, "last-owner")
        refused(oscar.put(f"{world.path}/members/{me}", {"role": "analyst"}), 409, "last-owner")
        assert oscar.put(f"{world.path}/members/{me}", {"role": "owner"}).status_code == 200


def test_an_owner_who_is_disabled_is_no_owner_to_rely_on(world: World, oscar: Browser) -> None:
    with db.transaction(world.engine) as session:
        session.exec(select(Staff).where(Staff.name == "Olivia Owner")).one().disabled_at = clock.now()
    refused(oscar.delete(f"{world.path}/members/{staff_id(oscar)}"), 409, "last-owner")


@pytest.mark.parametrize("round_", range(3))
def test_two_owners_who_remove_each_other_at_once_leave_one(
    world: World, oscar: Browser, round_: int
) -> None:
    olive = browser(world, "Olive Owner", Role.OWNER)
    assert oscar.delete(f"{world.path}/members/{id_of(world, 'Olivia Owner')}").status_code == 204
    each = [(oscar, staff_id(olive)), (olive, staff_id(oscar))]
    with ThreadPoolExecutor(2) as pool:
        found = pool.map(lambda one: one[0].delete(f"{world.path}/members/{one[1]}").status_code, each)
    assert list(found).count(204) == 1
    with db.reading(world.engine) as session:
        owners = session.exec(select(Membership).where(Membership.role == Role.OWNER)).all()
    assert len(owners) == 1


def test_a_token_is_made_within_ones_role_and_shown_once(world: World) -> None:
    nia = browser(world, "Nia New", Role.ANALYST)
    made = makes(nia, world.study_id, verbs=["study.read", "release.read", "study.read"], days=366)
    assert made.status_code == 201, made.text
    token = Caller(world.client, made.json()["secret"])
    assert token.get(f"{world.path}/releases").status_code == 200
    refused(token.get(f"{world.path}/instruments"), 403, "forbidden")
    (listed,) = nia.get("/v1/staff/tokens").json()
    assert "secret" not in listed
    assert listed["verbs"] == ["release.read", "study.read"]
    assert listed["last_used_at"] is not None
    assert made.json()["secret"] not in str(contents(world.engine))


@pytest.mark.parametrize(
    ("changes", "status", "slug"),
    [
        ({"verbs": ["study.update"]}, 409, "conflict"),
        ({"verbs": ["everything"]}, 422, "invalid"),
        ({"verbs": []}, 422, "invalid"),
        ({"days": 367}, 422, "invalid"),
        ({"days": 0}, 422, "invalid"),
        ({"study_id": str(new_id())}, 404, "not-found"),
        ({"staff_id": str(new_id())}, 422, "invalid"),
        ({"expires_at": "2999-01-01T00:00:00+00:00"}, 422, "invalid"),
    ],
    ids=lambda value: None if isinstance(value, dict) else str(value),
)
def test_a_token_for_more_is_refused(world: World, changes: dict[str, Any], status: int, slug: str) -> None:
    nia = browser(world, "Nia New", Role.ANALYST)
    with nothing_stored(world.engine):
        refused(makes(nia, world.study_id, **changes), status, slug)


def test_a_token_of_a_study_where_one_is_not_a_member_is_as_if_there_were_none(world: World) -> None:
    other = World(world.client, world.engine, world.settings, "Another study")
    nia = browser(world, "Nia New", Role.ANALYST)
    with nothing_stored(world.engine):
        theirs = refused(makes(nia, other.study_id), 404, "not-found")
        nowhere = refused(makes(nia, new_id()), 404, "not-found")
    assert theirs | {"request_id": 0} == nowhere | {"request_id": 0}


def test_one_revokes_ones_own_tokens_and_an_owner_those_of_the_study(world: World, oscar: Browser) -> None:
    nia, mia = browser(world, "Nia New", Role.ANALYST), browser(world, "Mia Member", Role.ANALYST)
    first, second = (makes(nia, world.study_id).json() for _ in range(2))
    with nothing_stored(world.engine):
        refused(mia.delete(f"/v1/staff/tokens/{first['id']}"), 404, "not-found")
        refused(mia.delete(f"/v1/staff/tokens/{new_id()}"), 404, "not-found")
    listed = oscar.get(f"{world.path}/tokens").json()
    assert {first["id"], second["id"]} <= {one["id"] for one in listed}
    assert "dbp_" not in str(listed)
    for mine, token in ((nia, first), (oscar, second), (oscar, second)):
        assert mine.delete(f"/v1/staff/tokens/{token['id']}").status_code == 204
    for token in (first, second):
        refused(Caller(world.client, token["secret"]).get(world.path), 401, "unauthenticated")


def test_the_administrator_invites_lists_and_disables_staff(world: World) -> None:
    ada, nia = person(world, "Ada Administrator", administrator=True), person(world, "Nia New", Role.ANALYST)
    mine, theirs = ada.signs_in(), nia.signs_in()
    who = staff_id(theirs)
    assert "Nia New" in {one["name"] for one in mine.get("/v1/staff").json()}
    made = mine.post("/v1/staff/invitations", {"email": "new@example.org"})
    assert (made.status_code, made.json()["study_id"], made.json()["role"]) == (201, None, None)
    with nothing_stored(world.engine):
        for change in ({"is_administrator": True}, {"disabled": 1}, {"name": "X"}):
            refused(mine.patch(f"/v1/staff/{who}", change), 422, "invalid")
        refused(mine.patch(f"/v1/staff/{new_id()}", {"disabled": True}), 404, "not-found")
        refused(mine.post("/v1/staff/invitations", {"email": "a@b.org", "role": "owner"}), 422, "invalid")
        refused(mine.patch(f"/v1/staff/{staff_id(mine)}", {"disabled": True}), 409, "last-administrator")
    for _ in range(2):
        assert mine.patch(f"/v1/staff/{who}", {"disabled": True}).json()["disabled"] is True
    refused(theirs.get("/v1/staff/session"), 401, "session-ended")
    refused(nia.tries(code=nia.recovery_codes[0]), 401, "sign-in-refused")
    assert mine.patch(f"/v1/staff/{who}", {"disabled": False}).json()["disabled"] is False
    nia.signs_in()


def test_nobody_else_is_let_in_where_the_administrator_works(world: World, oscar: Browser) -> None:
    with nothing_stored(world.engine):
        refused(oscar.get("/v1/staff"), 403, "forbidden")
        refused(oscar.post("/v1/staff/invitations", {"email": "new@example.org"}), 403, "forbidden")
        refused(oscar.patch(f"/v1/staff/{staff_id(oscar)}", {"disabled": True}), 403, "forbidden")


def test_the_administrator_too_steps_up_first(world: World) -> None:
    with time_machine.travel(clock.now(), tick=False) as at:
        ada = browser(world, "Ada Administrator", administrator=True)
        at.shift(timedelta(minutes=11))
        with nothing_stored(world.engine):
            refused(ada.post("/v1/staff/invitations", {"email": "new@example.org"}), 403, "step-up-needed")
            refused(ada.patch(f"/v1/staff/{new_id()}", {"disabled": True}), 403, "step-up-needed")


def test_invitations_are_refused_what_they_must_not_carry(world: World, oscar: Browser) -> None:
    path = f"{world.path}/members/invitations"
    with nothing_stored(world.engine):
        for wrong, pointer in [
            ({"email": "x", "role": "analyst"}, "/email"),
            ({"email": "a@b.org", "role": "administrator"}, "/role"),
            ({"email": "a@b.org", "role": "analyst", "days": 31}, "/days"),
            ({"email": "a@b.org", "role": "analyst", "is_administrator": True}, "/is_administrator"),
            ({"email": "a@b.org", "role": "analyst", "study_id": str(new_id())}, "/study_id"),
        ]:
            assert pointers(refused(oscar.post(path, wrong), 422, "invalid")) == {pointer}
