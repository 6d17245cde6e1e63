"""Nia renews her recovery codes and her authenticator herself, and no lost answer keeps her out."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from sqlmodel import col, select

from api.audit.events import Event
from api.audit.models import AuditEvent
from api.core import clock, crypto, db
from tests.auth.people import Browser, Person, confirmation, person
from tests.auth.test_staff_sessions import steps_up
from tests.meta.shape import contents, nothing_stored, refused
from tests.personas import World


@pytest.fixture
def nia(world: World) -> Person:
    return person(world, "Nia New")


def renews(mine: Browser) -> Any:
    return mine.post("/v1/staff/recovery-codes")


def offers(mine: Browser) -> Any:
    return mine.post("/v1/staff/authenticator")


def confirms(mine: Browser, body: dict[str, str]) -> Any:
    return mine.post("/v1/staff/authenticator/confirm", body)


def recorded(world: World, *kinds: Event) -> int:
    with db.reading(world.engine) as session:
        return len(session.exec(select(AuditEvent).where(col(AuditEvent.event).in_(kinds))).all())


def test_new_recovery_codes_are_shown_once_and_the_old_ones_die_at_once(world: World, nia: Person) -> None:
    mine = nia.signs_in()
    lost, shown = (renews(mine).json()["recovery_codes"] for _ in range(2))  # the first answer was lost
    assert len({*nia.recovery_codes, *lost, *shown}) == 30
    for dead in (*nia.recovery_codes[:2], *lost[:2]):
        refused(nia.tries(code=dead), 401, "sign-in-refused")
    assert nia.tries(code=shown[0]).status_code == 204
    refused(nia.tries(code=shown[0]), 401, "sign-in-refused")
    assert not [code for code in shown if code in str(contents(world.engine))]
    assert recorded(world, Event.RECOVERY_CODES_RENEWED) == 2
    assert mine.get("/v1/staff/session").status_code == 200


def test_both_need_a_second_factor_in_the_last_ten_minutes(world: World, nia: Person) -> None:
    with time_machine.travel(clock.now(), tick=False) as at:
        mine = nia.signs_in()
        at.shift(timedelta(minutes=10))
        with nothing_stored(world.engine):
            for answer in (renews(mine), offers(mine)):
                refused(answer, 403, "step-up-needed")
        mine = steps_up(mine, nia)
        assert (renews(mine).status_code, offers(mine).status_code) == (201, 200)


def test_another_authenticator_takes_over_when_its_first_code_confirms_it(world: World, nia: Person) -> None:
    mine, elsewhere = nia.signs_in(), nia.signs_in()
    with nothing_stored(world.engine):
        offered = offers(mine).json()
        assert offered["uri"].startswith("otpauth://totp/Daybook:")
    with time_machine.travel(clock.now() + timedelta(minutes=1)):
        assert nia.tries().status_code == 204, "until then the old one is good"
        new = Person(world.client, nia.email, offered["secret"])
        body = {"offer": offered["offer"], "one_time_code": new.code()}
        assert confirms(mine, body).status_code == 204
        refused(nia.tries(), 401, "sign-in-refused")
        refused(new.tries(code=body["one_time_code"]), 401, "sign-in-refused")
        assert new.tries().status_code == 204
        assert new.tries(code=nia.recovery_codes[0]).status_code == 204
    refused(elsewhere.get("/v1/staff/session"), 401, "session-ended")
    assert mine.get("/v1/staff/session").status_code == 200
    assert recorded(world, Event.AUTHENTICATOR_REPLACED) == 1
    assert offered["secret"] not in str(contents(world.engine))


def test_a_confirmation_whose_answer_was_lost_is_answered_again(world: World, nia: Person) -> None:
    mine, later = nia.signs_in(), clock.now() + timedelta(minutes=10)
    body = confirmation(mine)
    assert confirms(mine, body).status_code == 204
    with nothing_stored(world.engine):
        assert confirms(mine, body).status_code == 204
    with time_machine.travel(later), nothing_stored(world.engine):
        refused(confirms(mine, body), 422, "one-time-code-wrong")


def test_a_confirmation_sent_by_many_threads_is_one_change(world: World, nia: Person) -> None:
    mine = nia.signs_in()
    body = confirmation(mine)
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: confirms(mine, body).status_code, range(8)))
    assert set(found) == {204}
    assert recorded(world, Event.AUTHENTICATOR_REPLACED) == 1


def test_a_lost_authenticator_is_replaced_by_a_recovery_code(world: World, nia: Person) -> None:
    with time_machine.travel(clock.now(), tick=False) as at:
        mine = nia.signs_in()
        at.shift(timedelta(minutes=10))
        code = {"one_time_code": nia.recovery_codes[0]}
        stepped = mine.post("/v1/staff/session/step-up", code)
        assert stepped.status_code == 204, stepped.text
        mine = Browser(world.client, stepped.cookies["__Host-daybook-staff"])
        world.client.cookies.clear()
        assert confirms(mine, confirmation(mine)).status_code == 204
        refused(nia.tries(), 401, "sign-in-refused")
        refused(mine.post("/v1/staff/session/step-up", code), 422, "one-time-code-wrong")


def test_an_offer_is_for_one_person_for_a_quarter_of_an_hour_and_cannot_be_made_up(
    world: World, nia: Person
) -> None:
    mine, mia = nia.signs_in(), person(world, "Mia Member").signs_in()
    body = confirmation(mine)
    forged = crypto.sign("x" * 40, "authenticator", world.study_id, 15, secret=nia.secret)
    with nothing_stored(world.engine):
        refused(confirms(mia, body), 422, "offer-not-valid")
        for wrong in (forged, body["offer"][:-2], "x", mine.token):
            refused(confirms(mine, body | {"offer": wrong}), 422, "offer-not-valid")
    with (
        time_machine.travel(clock.now() + timedelta(minutes=16)),
        nothing_stored(world.engine, but=["staff_session"]),
    ):
        refused(confirms(mine, body), 422, "offer-not-valid")
    assert nia.tries().status_code == 204


def test_ten_wrong_codes_and_no_more_and_the_old_authenticator_is_as_good_as_ever(
    world: World, nia: Person
) -> None:
    mine = nia.signs_in()
    body = confirmation(mine)
    wrong = body | {"one_time_code": f"{(int(body['one_time_code']) + 1) % 1_000_000:06}"}
    for _ in range(10):
        refused(confirms(mine, wrong), 422, "one-time-code-wrong")
    refused(confirms(mine, body), 429, "too-many-attempts")
    assert nia.tries().status_code == 204
    with time_machine.travel(clock.now() + timedelta(minutes=5, seconds=1)):
        again = confirmation(mine)
        assert confirms(mine, again).status_code == 204
