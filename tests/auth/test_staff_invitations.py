"""Nia is invited, chooses a password and an authenticator, and has one account, however often she clicks."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from sqlmodel import select

from api.audit.events import Event
from api.audit.models import AuditEvent
from api.audit.service import OPERATOR
from api.auth import inviting, service
from api.auth.account_models import StaffCredential
from api.auth.models import Membership, Staff
from api.auth.verbs import Role
from api.core import clock, db
from api.core.ids import new_id
from tests.auth.people import PASSWORD, Person, accepts, becomes, browser, confirms, invited, person, staff_id
from tests.meta.shape import contents, nothing_stored, pointers, refused
from tests.personas import World


def invite(world: World, caller: Any, email: str = "nia@example.org", role: str = "analyst") -> Any:
    return caller.post(f"{world.path}/members/invitations", {"email": email, "role": role})


def stored(world: World, kind: Any) -> Any:
    with db.reading(world.engine) as session:
        return session.exec(select(kind)).all()


def test_an_owner_invites_and_the_invited_person_signs_in_with_the_role(world: World) -> None:
    made = invite(world, world.olivia, "Nia@Example.org")
    assert made.status_code == 201, made.text
    with db.reading(world.engine) as session:
        assert service.find_staff(session, "nia@example.org") is None, "no account before it is confirmed"
    attempt = new_id()
    enrolment = accepts(world, made.json()["code"], attempt).json()
    assert enrolment["uri"].startswith("otpauth://totp/Daybook:nia%40example.org?secret=")
    with db.reading(world.engine) as session:
        assert service.find_staff(session, "nia@example.org") is None
    nia = Person(world.client, "nia@example.org", enrolment["secret"])
    codes = confirms(world, made.json()["code"], attempt, nia.code()).json()["recovery_codes"]
    assert len(set(codes)) == 10
    shown = nia.signs_in().get("/v1/staff/session").json()
    assert (shown["name"], shown["is_administrator"]) == ("Nia New", False)
    assert shown["memberships"] == [{"study_id": str(world.study_id), "role": "analyst"}]


def test_nothing_secret_is_stored_in_the_clear(world: World) -> None:
    made = invited(world, "Nia New", Role.ANALYST)
    nia = becomes(world, made)
    everything = str(contents(world.engine))
    for secret in (made.code, PASSWORD, nia.secret, nia.signs_in().token, *nia.recovery_codes):
        assert secret not in everything
    (credential,) = stored(world, StaffCredential)
    assert credential.password_hash.startswith("$argon2id$")


def test_each_change_is_recorded_once(world: World) -> None:
    before = len(stored(world, AuditEvent))
    made = invite(world, world.olivia).json()
    attempt = new_id()
    secret = accepts(world, made["code"], attempt).json()["secret"]
    accepts(world, made["code"], attempt)
    nia = Person(world.client, "nia@example.org", secret)
    confirms(world, made["code"], attempt, nia.code())
    nia.signs_in()
    assert [event.event for event in stored(world, AuditEvent)[before:]] == [
        Event.STAFF_INVITED,
        Event.STAFF_ACCEPTED,
        Event.STAFF_ADDED,
        Event.MEMBER_ADDED,
        Event.SESSION_STARTED,
    ]


def test_a_second_click_gets_the_same_authenticator_and_another_page_does_not(world: World) -> None:
    made, attempt = invited(world, "Nia New"), new_id()
    first = accepts(world, made.code, attempt)
    assert accepts(world, made.code, attempt).json() == first.json()
    with nothing_stored(world.engine):
        refused(accepts(world, made.code), 422, "invitation-not-valid")
        refused(confirms(world, made.code, new_id(), "123456"), 422, "invitation-not-valid")
    with time_machine.travel(clock.now() + timedelta(minutes=31)):
        begun_anew = accepts(world, made.code)
        assert begun_anew.status_code == 200, "a page that was closed holds the code for half an hour only"
        assert begun_anew.json() != first.json()


def test_a_confirmation_whose_answer_was_lost_gives_new_recovery_codes(world: World) -> None:
    made, attempt = invited(world, "Nia New"), new_id()
    nia = Person(world.client, made.email, accepts(world, made.code, attempt).json()["secret"])
    code = nia.code()
    lost = confirms(world, made.code, attempt, code).json()["recovery_codes"]
    again = confirms(world, made.code, attempt, code)
    assert again.status_code == 201
    assert not set(lost) & set(again.json()["recovery_codes"])
    assert len(stored(world, StaffCredential)) == 1
    with nothing_stored(world.engine):
        refused(confirms(world, made.code, new_id(), code), 422, "invitation-not-valid")
        refused(confirms(world, made.code, attempt, "000000"), 422, "one-time-code-wrong")
    nia.signs_in()
    with nothing_stored(world.engine):  # whoever signed in has seen their account: the code has done its work
        refused(confirms(world, made.code, attempt, nia.code()), 422, "invitation-not-valid")
        refused(accepts(world, made.code, attempt), 422, "invitation-not-valid")


def test_an_old_confirmation_is_not_answered_again(world: World) -> None:
    made, attempt = invited(world, "Nia New"), new_id()
    nia = Person(world.client, made.email, accepts(world, made.code, attempt).json()["secret"])
    confirms(world, made.code, attempt, nia.code())
    with time_machine.travel(clock.now() + timedelta(minutes=11)), nothing_stored(world.engine):
        refused(confirms(world, made.code, attempt, nia.code()), 422, "invitation-not-valid")


def test_a_wrong_authenticator_code_makes_no_account(world: World) -> None:
    made, attempt = invited(world, "Nia New", Role.ANALYST), new_id()
    nia = Person(world.client, made.email, accepts(world, made.code, attempt).json()["secret"])
    right = nia.code()
    with nothing_stored(world.engine):
        wrong = f"{(int(right) + 1) % 1_000_000:06}"
        refused(confirms(world, made.code, attempt, wrong), 422, "one-time-code-wrong")
        with time_machine.travel(clock.now() + timedelta(minutes=5)):
            refused(confirms(world, made.code, attempt, right), 422, "one-time-code-wrong")
    assert confirms(world, made.code, attempt, right).status_code == 201


def test_a_hundred_threads_with_one_code_make_one_account(world: World) -> None:
    made = invited(world, "Nia New", Role.ANALYST)

    def redeem(_: int) -> int:
        attempt = new_id()
        accepted = accepts(world, made.code, attempt)
        if accepted.status_code != 200:
            return int(accepted.status_code)
        nia = Person(world.client, made.email, accepted.json()["secret"])
        return int(confirms(world, made.code, attempt, nia.code()).status_code)

    before = len(stored(world, Staff))
    with ThreadPoolExecutor(100) as pool:
        found = list(pool.map(redeem, range(100)))
    assert found.count(201) == 1, found
    assert set(found) <= {201, 422, 429, 503}
    assert (len(stored(world, Staff)), len(stored(world, StaffCredential))) == (before + 1, 1)
    mine = [one for one in stored(world, Membership) if one.role == Role.ANALYST]
    assert len(mine) == 2, "Ana, and Nia once"


def test_one_confirmation_sent_by_many_threads_makes_one_account(world: World) -> None:
    made, attempt = invited(world, "Nia New", Role.ANALYST), new_id()
    code = Person(world.client, made.email, accepts(world, made.code, attempt).json()["secret"]).code()
    with ThreadPoolExecutor(16) as pool:
        found = list(pool.map(lambda _: confirms(world, made.code, attempt, code), range(16)))
    assert {answer.status_code for answer in found} == {201}
    assert len([one for one in stored(world, Staff) if one.email == made.email]) == 1
    kept = contents(world.engine)["recovery_code"]
    assert len(kept) == 10


def test_wrong_expired_and_revoked_codes_have_one_answer(world: World) -> None:
    made, revoked = invite(world, world.olivia).json(), invite(world, world.olivia, "b@example.org").json()
    gone = world.olivia.delete(f"{world.path}/members/invitations/{revoked['id']}")
    assert gone.status_code == 204
    with nothing_stored(world.engine):
        again = world.olivia.delete(f"{world.path}/members/invitations/{revoked['id']}")
        assert again.status_code == 204
        wrong = refused(accepts(world, "AAAA-BBBB-CCCC"), 422, "invitation-not-valid")
        ended = refused(accepts(world, revoked["code"]), 422, "invitation-not-valid")
        with time_machine.travel(clock.now() + timedelta(days=8)):
            late = refused(accepts(world, made["code"]), 422, "invitation-not-valid")
    assert wrong | {"request_id": 0} == late | {"request_id": 0} == ended | {"request_id": 0}


def test_inviting_again_makes_the_first_code_useless(world: World) -> None:
    first, second = invite(world, world.olivia).json(), invite(world, world.olivia).json()
    refused(accepts(world, first["code"]), 422, "invitation-not-valid")
    assert accepts(world, second["code"]).status_code == 200
    listed = world.olivia.get(f"{world.path}/members/invitations").json()
    assert [one["id"] for one in listed] == [second["id"]]
    assert "code" not in listed[0]


@pytest.mark.parametrize(
    ("changes", "slug", "wanted"),
    [
        ({"password": "short"}, "invalid", "/password"),
        ({"password": "x" * 201}, "invalid", "/password"),
        ({"password": "nul\x00" + "x" * 12}, "invalid", "/password"),
        ({"password": "Password1234!"}, "password-too-weak", None),
        ({"password": "aaaaaaaaaaaaaaaa"}, "password-too-weak", None),
        ({"password": "niasurname@example.org"}, "password-too-weak", None),
        ({"password": "Nia Surname 12"}, "password-too-weak", None),
        ({"name": ""}, "invalid", "/name"),
        ({"name": None}, "invalid", "/name"),
        ({"role": "owner"}, "invalid", "/role"),
        ({"is_administrator": True}, "invalid", "/is_administrator"),
    ],
)
def test_what_must_not_be_chosen_is_refused_and_the_code_stays_good(
    world: World, changes: dict[str, Any], slug: str, wanted: str | None
) -> None:
    made = invite(world, world.olivia, "niasurname@example.org").json()
    with nothing_stored(world.engine):
        body = refused(accepts(world, made["code"], **({"name": "Nia Surname"} | changes)), 422, slug)
    assert wanted is None or pointers(body) == {wanted}
    assert accepts(world, made["code"]).status_code == 200


def test_an_inviter_who_knows_the_code_cannot_take_over_an_account_that_exists(world: World) -> None:
    nia = person(world, "Nia New")
    made = invite(world, world.olivia, nia.email).json()
    with db.reading(world.engine) as session:
        olivia = session.exec(select(Staff).where(Staff.name == "Olivia Owner")).one()
    tokens_only = invite(world, world.olivia, olivia.email).json()
    with nothing_stored(world.engine):
        refused(accepts(world, made["code"]), 409, "sign-in-first")
        refused(accepts(world, tokens_only["code"]), 409, "sign-in-first")
    mia = browser(world, "Mia Member")
    with nothing_stored(world.engine):  # nor does it serve anybody else who is signed in
        refused(mia.post("/v1/staff/invitations/join", {"code": made["code"]}), 422, "invitation-not-valid")


def test_somebody_with_an_account_joins_another_study_by_accepting_signed_in(world: World) -> None:
    other = World(world.client, world.engine, world.settings, "Another study")
    nia = person(world, "Nia New", Role.ANALYST)
    made = invite(other, other.olivia, nia.email, "coordinator").json()
    mine = nia.signs_in()
    refused(mine.get(other.path), 404, "not-found")
    assert mine.post("/v1/staff/invitations/join", {"code": made["code"]}).status_code == 204
    assert mine.get(other.path).status_code == 200
    with nothing_stored(world.engine):
        assert mine.post("/v1/staff/invitations/join", {"code": made["code"]}).status_code == 204
    roles = {one["study_id"]: one["role"] for one in mine.get("/v1/staff/session").json()["memberships"]}
    assert roles == {str(world.study_id): "analyst", str(other.study_id): "coordinator"}


def test_an_invitation_lowers_nobodys_role(world: World) -> None:
    owner = person(world, "Oscar Owner", Role.OWNER)
    made = invite(world, world.olivia, owner.email, "analyst").json()
    signed_in = owner.signs_in()
    assert signed_in.post("/v1/staff/invitations/join", {"code": made["code"]}).status_code == 204
    assert signed_in.get("/v1/staff/session").json()["memberships"][0]["role"] == "owner"


def test_what_a_removed_owner_has_offered_is_worth_nothing(world: World) -> None:
    oscar = browser(world, "Oscar Owner", Role.OWNER)
    back_door = invite(world, oscar, "friend@example.org", "owner").json()
    assert world.olivia.delete(f"{world.path}/members/{staff_id(oscar)}").status_code == 204
    refused(accepts(world, back_door["code"]), 422, "invitation-not-valid")


def test_a_reset_ends_everything_and_begins_anew_for_the_same_person(world: World) -> None:
    nia = person(world, "Nia New", Role.ANALYST)
    before = nia.signs_in()
    who = staff_id(before)
    with db.transaction(world.engine) as session:
        made = inviting.reset(session, OPERATOR, service.staff_by_email(session, nia.email), 7)
    refused(before.get("/v1/staff/session"), 401, "session-ended")
    refused(nia.tries(), 401, "sign-in-refused")
    refused(nia.tries(code=nia.recovery_codes[0]), 401, "sign-in-refused")
    # a signed-in stranger finds no role in it
    mia = browser(world, "Mia Member")
    refused(mia.post("/v1/staff/invitations/join", {"code": made.code}), 422, "invitation-not-valid")
    renewed = becomes(world, made, "Somebody Else").signs_in()
    shown = renewed.get("/v1/staff/session").json()
    assert (shown["staff_id"], shown["name"]) == (who, "Nia New")
    assert [one["role"] for one in shown["memberships"]] == ["analyst"]
