"""Staff who sign in with a password and an authenticator, in browsers of their own."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

import pyotp
import time_machine
from fastapi.testclient import TestClient

from api.audit.service import OPERATOR
from api.auth import inviting
from api.auth.inviting import Offer
from api.auth.verbs import Role
from api.core import clock, db
from api.core.ids import new_id
from tests.personas import Caller, World

COOKIE = "__Host-daybook-staff"
OURS = {"Sec-Fetch-Site": "same-origin"}
PASSWORD = "several quiet otters"


@dataclass
class Browser(Caller):
    """A browser in which somebody is signed in: the secret travels in a cookie, from our own page."""

    @property
    def headers(self) -> dict[str, str]:
        return OURS | {"Cookie": f"{COOKIE}={self.token}"}


@dataclass
class Person:
    """Somebody with a password and an authenticator."""

    client: TestClient
    email: str
    secret: str
    password: str = PASSWORD
    recovery_codes: list[str] = field(default_factory=list)
    step: int = 0

    def code(self) -> str:
        """Read the authenticator's next code that was not used yet: two are good at any time, this one and the next."""
        self.step = max(self.step + 1, int(clock.now().timestamp()) // 30)
        return pyotp.TOTP(self.secret).generate_otp(self.step)

    def tries(self, **changes: Any) -> Any:
        """Try to sign in, and leave nothing in the shared jar."""
        body = {"email": self.email, "password": self.password} | changes
        body.setdefault("code", "" if "code" in changes else self.code())
        answer = self.client.post("/v1/staff/session", json=body, headers=OURS)
        self.client.cookies.clear()
        if answer.status_code != 204 and "code" not in changes:
            self.step -= 1  # it was not used up
        return answer

    def signs_in(self, **changes: Any) -> Browser:
        answer = self.tries(**changes)
        assert answer.status_code == 204, answer.text
        return Browser(self.client, secret_of(answer))


def secret_of(answer: Any) -> str:
    """Return the secret that an answer's cookie carries."""
    (line,) = [one for one in answer.headers.get_list("set-cookie") if one.startswith(COOKIE)]
    return str(line.split(";")[0].removeprefix(f"{COOKIE}="))


def invited(world: World, name: str, role: Role | None = None, *, administrator: bool = False) -> Any:
    """Invite somebody as the operator does; return the invitation."""
    email = f"{name.lower().replace(' ', '.')}.{new_id().hex[-6:]}@example.org"
    with db.transaction(world.engine) as session:
        offer = Offer(email, world.study_id if role else None, role, administrator)
        return inviting.invite(session, OPERATOR, offer, 7)


def accepts(world: World, code: str, attempt: UUID | None = None, **changes: Any) -> Any:
    body = {"code": code, "attempt": str(attempt or new_id()), "name": "Nia New", "password": PASSWORD}
    return world.client.post("/v1/staff/invitations/accept", json=body | changes)


def confirms(world: World, code: str, attempt: UUID, one_time_code: str) -> Any:
    body = {"code": code, "attempt": str(attempt), "one_time_code": one_time_code}
    return world.client.post("/v1/staff/invitations/confirm", json=body)


def becomes(world: World, made: Any, name: str = "Nia New") -> Person:
    """Accept an invitation to the end, a while ago, so that a code or two of now are left."""
    attempt = new_id()
    with time_machine.travel(clock.now() - timedelta(minutes=2)):
        accepted = accepts(world, made.code, attempt, name=name)
        assert accepted.status_code == 200, accepted.text
        person = Person(world.client, made.email, accepted.json()["secret"])
        confirmed = confirms(world, made.code, attempt, person.code())
        assert confirmed.status_code == 201, confirmed.text
    person.recovery_codes = confirmed.json()["recovery_codes"]
    return person


def person(world: World, name: str, role: Role | None = None, *, administrator: bool = False) -> Person:
    """Return a new member of staff who can sign in."""
    return becomes(world, invited(world, name, role, administrator=administrator), name)


def browser(world: World, name: str, role: Role | None = None, *, administrator: bool = False) -> Browser:
    """Return a new member of staff's signed-in browser."""
    return person(world, name, role, administrator=administrator).signs_in()


def confirmation(browser: Browser) -> dict[str, str]:
    """Ask for another authenticator; return what confirms it."""
    offered = browser.post("/v1/staff/authenticator").json()
    code = Person(browser.client, "", offered["secret"]).code()
    return {"offer": offered["offer"], "one_time_code": code}


def staff_id(browser: Browser) -> str:
    return str(browser.get("/v1/staff/session").json()["staff_id"])
