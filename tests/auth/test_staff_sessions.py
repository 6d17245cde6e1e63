"""Nia's browsers: idle, ended, listed; and her roles through them."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pyotp
import pytest
import time_machine

from api.audit.service import OPERATOR
from api.auth import service
from api.auth.verbs import ROLE_VERBS, Role, Verb
from api.core import clock, db
from api.core.ids import new_id
from tests.auth.people import Browser, Person, browser, person, secret_of, staff_id
from tests.auth.test_staff_sign_in import disable
from tests.meta.shape import nothing_stored, refused
from tests.personas import World


def steps_up(mine: Browser, nia: Person) -> Browser:
    answer = mine.post("/v1/staff/session/step-up", {"one_time_code": nia.code()})
    mine.client.cookies.clear()
    assert answer.status_code == 204, answer.text
    return Browser(mine.client, secret_of(answer))


def test_a_session_ends_after_an_hour_without_use(world: World) -> None:
    with time_machine.travel(clock.now(), tick=False) as at:
        mine = browser(world, "Nia New")
        for _ in range(3):
            at.shift(timedelta(minutes=60, seconds=-1))
            assert mine.get("/v1/staff/session").status_code == 200, "each use begins the hour anew"
        at.shift(timedelta(minutes=60))
        refused(mine.get("/v1/staff/session"), 401, "session-ended")


def test_a_session_ends_after_twelve_hours_however_busy(world: World) -> None:
    with time_machine.travel(clock.now(), tick=False) as at:
        mine = browser(world, "Nia New")
        for _ in range(23):
            at.shift(timedelta(minutes=30))
            assert mine.get("/v1/staff/session").status_code == 200
        at.shift(timedelta(minutes=30, seconds=-1))
        assert mine.get("/v1/staff/sessions").status_code == 200
        at.shift(timedelta(seconds=1))
        refused(mine.get("/v1/staff/session"), 401, "session-ended")


def test_sessions_are_listed_and_ended_one_by_one(world: World) -> None:
    nia, mia = person(world, "Nia New"), browser(world, "Mia Member")
    here, lost = nia.signs_in(), nia.signs_in()
    listed = here.get("/v1/staff/sessions").json()
    assert [one["this_session"] for one in listed] == [True, False]
    theirs = mia.get("/v1/staff/sessions").json()[0]["id"]
    with nothing_stored(world.engine):
        foreign = refused(here.delete(f"/v1/staff/sessions/{theirs}"), 404, "not-found")
        nobodys = refused(here.delete(f"/v1/staff/sessions/{new_id()}"), 404, "not-found")
    assert foreign | {"request_id": 0} == nobodys | {"request_id": 0}
    for _ in range(2):
        assert here.delete(f"/v1/staff/sessions/{listed[1]['id']}").status_code == 204
    refused(lost.get("/v1/staff/session"), 401, "session-ended")
    assert len(here.get("/v1/staff/sessions").json()) == 1
    assert here.delete("/v1/staff/session").status_code == 204
    refused(here.get("/v1/staff/session"), 401, "session-ended")


def test_disabled_staff_are_out_at_once(world: World) -> None:
    nia = person(world, "Nia New", Role.OWNER)
    mine = nia.signs_in()
    disable(world, nia)
    for path in ("/v1/staff/session", world.path, "/v1/studies"):
        refused(mine.get(path), 401, "session-ended")


@pytest.mark.parametrize("site", [None, "cross-site", "same-site", "none"])
def test_a_change_that_our_own_page_did_not_make_is_refused(world: World, site: str | None) -> None:
    mine = browser(world, "Oscar Owner", Role.OWNER)
    headers = {"Cookie": mine.headers["Cookie"]} | ({} if site is None else {"Sec-Fetch-Site": site})
    client = world.client
    with nothing_stored(world.engine):
        for method, path, body in [
            ("DELETE", "/v1/staff/session", None),
            ("POST", "/v1/staff/session/step-up", {"one_time_code": "123456"}),
            ("PATCH", world.path, {"title": "New"}),
            ("POST", f"{world.path}/invitations", {"count": 1}),
            ("DELETE", f"{world.path}/members/{new_id()}", None),
        ]:
            refused(client.request(method, path, json=body, headers=headers), 403, "cross-site", path)
        assert client.get(world.path, headers=headers).status_code == 200


@pytest.mark.parametrize("role", Role)
def test_through_a_session_each_role_may_do_what_the_table_says(world: World, role: Role) -> None:
    someone = browser(world, "Sam Someone", role)
    asked = {
        Verb.STUDY_READ: someone.get(world.path),
        Verb.INSTRUMENT_READ: someone.get(f"{world.path}/instruments"),
        Verb.PARTICIPANT_READ: someone.get(f"{world.path}/participants"),
        Verb.PARTICIPANT_INVITE: someone.post(f"{world.path}/invitations", {"count": 1}),
        Verb.RELEASE_READ: someone.get(f"{world.path}/releases"),
        Verb.STUDY_UPDATE: someone.patch(world.path, {"title": "New"}),
        Verb.MEMBER_READ: someone.get(f"{world.path}/members"),
        Verb.MEMBER_WRITE: someone.delete(f"{world.path}/members/invitations/{new_id()}"),
        Verb.TOKEN_READ: someone.get(f"{world.path}/tokens"),
    }
    for verb, answer in asked.items():
        wanted = {200, 201, 404} if verb in ROLE_VERBS[role] else {403}
        assert answer.status_code in wanted, (role, verb, answer.text)


def test_through_a_session_one_acts_in_every_study_of_ones_own_and_in_no_other(world: World) -> None:
    other = World(world.client, world.engine, world.settings, "Another study")
    third = World(world.client, world.engine, world.settings, "A third study")
    mine = browser(world, "Nia New", Role.ANALYST)
    with db.transaction(world.engine) as session:
        service.set_role(session, OPERATOR, other.study_id, UUID(staff_id(mine)), Role.OWNER)
    listed = [one["id"] for one in mine.get("/v1/studies").json()]
    assert listed == [str(world.study_id), str(other.study_id)]
    assert mine.patch(other.path, {"title": "Hers"}).status_code == 200
    refused(mine.patch(world.path, {"title": "Not hers"}), 403, "forbidden")
    refused(mine.get(third.path), 404, "not-found")


def test_the_administrator_sees_no_study_without_being_a_member(world: World) -> None:
    ada = browser(world, "Ada Administrator", administrator=True)
    assert ada.get("/v1/studies").json() == []
    for path in ("", "/participants", "/releases", "/members", "/instruments", "/tokens", "/documents"):
        refused(ada.get(world.path + path), 404, "not-found")


def test_what_is_weighty_needs_a_second_factor_in_the_last_ten_minutes(world: World) -> None:
    with time_machine.travel(clock.now(), tick=False) as at:
        oscar = person(world, "Oscar Owner", Role.OWNER)
        mine = oscar.signs_in()

        def weighty() -> list[Any]:
            member = {"email": f"{new_id().hex}@example.org", "role": "analyst"}
            token = {"study_id": str(world.study_id), "name": "R", "verbs": ["study.read"]}
            release = {"recipient": "Dr Researcher", "purpose": "Analysis"}
            return [
                mine.post(f"{world.path}/members/invitations", member),
                mine.put(f"{world.path}/members/{staff_id(mine)}", {"role": "owner"}),
                mine.post("/v1/staff/tokens", token),
                mine.post(f"{world.path}/releases", release),
            ]

        assert [answer.status_code for answer in weighty()] == [201, 200, 201, 202], "signing in shows one"
        at.shift(timedelta(minutes=10))
        with nothing_stored(world.engine):
            for answer in weighty():
                refused(answer, 403, "step-up-needed")
        assert mine.get(f"{world.path}/members").status_code == 200
        assert (
            world.olivia.post(f"{world.path}/releases", {"recipient": "A", "purpose": "B"}).status_code == 202
        )
        old, mine = mine, steps_up(mine, oscar)
        assert [answer.status_code for answer in weighty()] == [201, 200, 201, 202]
        refused(old.get("/v1/staff/session"), 401, "session-ended")


def test_a_wrong_or_used_code_steps_nobody_up(world: World) -> None:
    oscar = person(world, "Oscar Owner", Role.OWNER)
    mine, mias = oscar.signs_in(), person(world, "Mia Member").recovery_codes[0]
    used = pyotp.TOTP(oscar.secret).generate_otp(oscar.step)
    with nothing_stored(world.engine, but=["audit_event"]):
        for code in ("000000", used):
            answer = mine.post("/v1/staff/session/step-up", {"one_time_code": code})
            refused(answer, 422, "one-time-code-wrong")
        for code in ("AAAA-BBBB-CCCC", "1234567", mias):
            answer = mine.post("/v1/staff/session/step-up", {"one_time_code": code})
            refused(answer, 422, "one-time-code-wrong")
        for code in ("", "12345", "1" * 41):
            refused(mine.post("/v1/staff/session/step-up", {"one_time_code": code}), 422, "invalid")


def test_a_token_is_no_session(world: World) -> None:
    for path in ("/v1/staff/session", "/v1/staff/sessions", "/v1/staff/tokens", "/v1/staff"):
        refused(world.olivia.get(path), 401, "wrong-credential")
    refused(
        world.olivia.post("/v1/staff/session/step-up", {"one_time_code": "123456"}), 401, "wrong-credential"
    )
