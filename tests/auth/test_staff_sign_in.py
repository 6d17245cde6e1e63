"""Nia signs in with a password and a code. Whatever is wrong, nobody learns what it was."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pyotp
import pytest
import time_machine
from fastapi import FastAPI
from sqlmodel import select

from api.audit.events import Event
from api.audit.models import AuditEvent
from api.auth.account_models import StaffCredential
from api.auth.models import Staff
from api.core import clock, db, problems
from api.core.passwords import Passwords
from tests.auth.people import OURS, PASSWORD, Browser, Person, browser, person, secret_of
from tests.hashing import NOBODY, RECOMMENDED
from tests.meta.shape import contents, nothing_stored, refused
from tests.personas import World

UNTOLD = ["audit_event"]  # a refused attempt is in the audit, and nowhere else


@pytest.fixture
def nia(world: World) -> Person:
    return person(world, "Nia New")


class Counted(Passwords):
    """Counts what is hashed and compared."""

    def __init__(self) -> None:
        super().__init__(4)
        self.compared: list[bool] = []

    def matches(self, password: str, stored: str | None) -> bool:
        self.compared.append(stored is not None)
        return super().matches(password, stored)


def disable(world: World, person: Person) -> None:
    with db.transaction(world.engine) as session:
        session.exec(select(Staff).where(Staff.email == person.email)).one().disabled_at = clock.now()


def test_the_cookie_is_one_that_no_script_and_no_other_site_can_use(world: World, nia: Person) -> None:
    answer = nia.tries(email=nia.email.upper())
    assert answer.status_code == 204
    session, known = answer.headers.get_list("set-cookie")
    for line in (session, known.replace("; Max-Age=34560000", "")):
        parts = {part.strip().lower() for part in line.split(";")[1:]}
        assert parts == {"httponly", "secure", "path=/", "samesite=strict"}
    assert answer.content == b""
    assert secret_of(answer).startswith("dbs_")


def test_everything_wrong_is_one_answer_and_one_comparison(world: World, nia: Person, client: Any) -> None:
    gone, tokens_only = person(world, "Gil Gone"), "olivia.owner"
    disable(world, gone)
    with db.reading(world.engine) as session:
        olivia = session.exec(select(Staff).where(Staff.name == "Olivia Owner")).one().email
    assert olivia.startswith(tokens_only)
    app: FastAPI = client.app
    app.state.passwords = counted = Counted()
    with nothing_stored(world.engine, but=UNTOLD):
        answers = {
            "unknown": nia.tries(email="nobody@example.org"),
            "without a password": nia.tries(email=olivia),
            "wrong password": nia.tries(password="several loud otters"),
            "wrong code": nia.tries(code="000000"),
            "wrong recovery code": nia.tries(code="AAAA-BBBB-CCCC"),
            "code of another length": nia.tries(code="1234567"),
            "disabled": gone.tries(),
        }
    bodies = {
        name: refused(answer, 401, "sign-in-refused") | {"request_id": 0} for name, answer in answers.items()
    }
    assert len({str(body) for body in bodies.values()}) == 1, bodies
    headers = [sorted(set(answer.headers) - {"x-request-id"}) for answer in answers.values()]
    assert all(one == headers[0] for one in headers)
    assert counted.compared == [False, False, True, True, True, True, True]
    with db.reading(world.engine) as session:
        told = session.exec(select(AuditEvent).where(AuditEvent.event == Event.SIGN_IN_REFUSED)).all()
    assert [one.detail["wrong"] for one in told] == ["password"] * 3 + ["code"] * 3 + ["password"]
    assert "example" not in str([one.model_dump() for one in told])


def test_an_unknown_account_costs_as_much_as_a_known_one() -> None:
    assert RECOMMENDED.verify_and_update("not it", NOBODY) == (False, None)
    cost = ["", "argon2id", "v=19", "m=65536,t=3,p=4"]
    assert RECOMMENDED.hash("any").split("$")[:4] == NOBODY.split("$")[:4] == cost
    assert not Passwords(1).matches("", None)


def test_more_hashes_at_once_than_the_cap_are_a_503() -> None:
    hasher = Passwords(1)
    with hasher._place(), pytest.raises(problems.Unavailable):
        hasher.hash(PASSWORD)
    assert hasher.matches("caf\u00e9 au lait", hasher.hash("cafe\u0301 au lait")), (
        "one letter, typed two ways"
    )


def test_an_authenticators_code_signs_in_once(world: World, nia: Person) -> None:
    code = nia.code()
    first = nia.signs_in(code=f"{code[:3]} {code[3:]}")
    refused(nia.tries(code=code), 401, "sign-in-refused")
    assert first.get("/v1/staff/session").status_code == 200
    skipped, newer = nia.code(), pyotp.TOTP(nia.secret).generate_otp(nia.step + 1)
    with time_machine.travel(clock.now().timestamp() + 30):
        nia.signs_in(code=newer)
        refused(nia.tries(code=skipped), 401, "sign-in-refused", "an older code, although nobody used it")


def test_a_code_is_good_for_its_own_step_and_one_to_either_side(world: World, nia: Person) -> None:
    with time_machine.travel(2_000_000_010, tick=False) as at:
        nia.step = 2_000_000_010 // 30 + 3
        code = nia.code()  # four steps ahead
        for ahead in (4, 3, 2):
            refused(nia.tries(code=code), 401, "sign-in-refused", ahead)
            at.shift(30)
        nia.signs_in(code=code)
    with time_machine.travel(2_000_001_000, tick=False) as at:
        nia.step = 2_000_001_000 // 30 - 1
        code = nia.code()
        at.shift(60)
        refused(nia.tries(code=code), 401, "sign-in-refused")


def test_one_code_sent_by_many_threads_signs_in_once(world: World, nia: Person) -> None:
    code = nia.code()
    with ThreadPoolExecutor(16) as pool:
        found = [answer.status_code for answer in pool.map(lambda _: nia.tries(code=code), range(16))]
    assert found.count(204) == 1, found
    assert set(found) <= {204, 401, 429, 503}


def test_a_recovery_code_signs_in_once(world: World, nia: Person) -> None:
    first, second = nia.recovery_codes[:2]
    with ThreadPoolExecutor(4) as pool:
        found = [answer.status_code for answer in pool.map(lambda _: nia.tries(code=first), range(4))]
    assert sorted(found) == [204, 401, 401, 401]
    refused(nia.tries(code=first), 401, "sign-in-refused")
    nia.signs_in(code=second.lower().replace("-", " "))


def test_somebody_elses_recovery_code_is_useless(world: World, nia: Person) -> None:
    mia = person(world, "Mia Member")
    refused(nia.tries(code=mia.recovery_codes[0]), 401, "sign-in-refused")
    mia.signs_in(code=mia.recovery_codes[0])


def test_signing_in_again_ends_what_the_browser_had_and_takes_no_secret_from_outside(
    world: World, nia: Person
) -> None:
    planted = "dbs_" + "x" * 43
    body = {"email": nia.email, "password": PASSWORD, "code": nia.code()}
    headers = OURS | {"Cookie": f"__Host-daybook-staff={planted}"}
    answer = world.client.post("/v1/staff/session", json=body, headers=headers)
    world.client.cookies.clear()
    assert secret_of(answer) != planted
    refused(Browser(world.client, planted).get("/v1/staff/session"), 401, "session-ended")
    first = Browser(world.client, secret_of(answer))
    body["code"] = nia.code()
    again = world.client.post("/v1/staff/session", json=body, headers=first.headers)
    world.client.cookies.clear()
    assert again.status_code == 204
    refused(first.get("/v1/staff/session"), 401, "session-ended")


@pytest.mark.parametrize("site", [None, "cross-site", "same-site", "none"])
def test_another_sites_page_signs_nobody_in(world: World, nia: Person, site: str | None) -> None:
    body = {"email": nia.email, "password": PASSWORD, "code": nia.code()}
    headers = {} if site is None else {"Sec-Fetch-Site": site}
    with nothing_stored(world.engine):
        refused(world.client.post("/v1/staff/session", json=body, headers=headers), 403, "cross-site")


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"email": "x" * 300 + "@example.org"}, "/email"),
        ({"email": "nul\x00@example.org"}, "/email"),
        ({"password": "x" * 201}, "/password"),
        ({"password": ""}, "/password"),
        ({"code": "1" * 41}, "/code"),
        ({"code": 123456}, "/code"),
        ({"is_administrator": True}, "/is_administrator"),
        ({"staff_id": "x"}, "/staff_id"),
    ],
)
def test_a_spoiled_sign_in_is_refused_without_repeating_it(
    world: World, changes: dict[str, Any], pointer: str
) -> None:
    body = {"email": "nia@example.org", "password": PASSWORD, "code": "123456"} | changes
    with nothing_stored(world.engine):
        answer = world.client.post("/v1/staff/session", json=body, headers=OURS)
        found = refused(answer, 422, "invalid")
    assert [error["pointer"] for error in found["errors"]] == [pointer]


def test_changing_the_password_needs_the_old_one_and_ends_other_sessions(world: World, nia: Person) -> None:
    here, elsewhere = nia.signs_in(), nia.signs_in()
    new = "many louder badgers"
    with nothing_stored(world.engine, but=UNTOLD):
        wrong = {"old": "several loud otters", "new": new}
        refused(here.put("/v1/staff/password", wrong), 401, "sign-in-refused")
        for weak in ("Password1234!", "nia new nia new"):
            refused(here.put("/v1/staff/password", {"old": PASSWORD, "new": weak}), 422, "password-too-weak")
    answer = here.put("/v1/staff/password", {"old": PASSWORD, "new": new})
    world.client.cookies.clear()
    assert answer.status_code == 204, answer.text
    renewed = Browser(world.client, secret_of(answer))
    assert renewed.get("/v1/staff/session").status_code == 200
    for old in (here, elsewhere):
        refused(old.get("/v1/staff/session"), 401, "session-ended")
    with time_machine.travel(clock.now().timestamp() + 120):
        refused(nia.tries(), 401, "sign-in-refused")
        nia.signs_in(password=new)


def test_two_changes_of_the_password_at_once_are_one(world: World, nia: Person) -> None:
    here = nia.signs_in()
    wanted = [{"old": PASSWORD, "new": f"many louder badgers {number}"} for number in range(4)]
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda body: here.put("/v1/staff/password", body).status_code, wanted))
    world.client.cookies.clear()
    assert found.count(204) == 1, found
    assert set(found) <= {204, 401, 429, 503}
    with db.reading(world.engine) as session:
        assert len(session.exec(select(StaffCredential)).all()) == 1


def test_staff_cannot_sign_in_as_a_leader_nor_a_leader_as_staff(world: World) -> None:
    leo, nia = world.join(), browser(world, "Nia New")
    refused(Browser(world.client, leo.token).get("/v1/staff/session"), 401, "session-ended")
    cookie = {"Cookie": f"__Host-daybook-access={nia.token}"}
    refused(world.client.get("/v1/me", headers=cookie), 401, "session-ended")
    refused(nia.get("/v1/me"), 401, "unauthenticated")


def test_an_oversized_or_spoiled_cookie_is_a_401(world: World) -> None:
    for value in (
        "",
        "x",
        "x" * 60_000,
        "dbs_",
        "a.b.c",
        "dbs_%00",
        '"quoted"',
        "caf\u00e9".encode().decode("latin-1"),
    ):
        headers = {"Cookie": f"__Host-daybook-staff={value}".encode("latin-1")}
        answer = world.client.get("/v1/staff/session", headers=headers)  # type: ignore[arg-type] # bytes are taken
        assert answer.status_code == 401, value
    assert "dbs_" not in str(contents(world.engine))
