"""Everybody who could call: each kind of principal, each state they can be in, each way to forge a credential."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import jwt
import time_machine
from sqlmodel import select

from api.audit.service import OPERATOR
from api.auth import service as auth
from api.auth import staff_sessions
from api.auth.account_models import StaffSession
from api.auth.dependencies import ACCESS_COOKIE, STAFF_COOKIE
from api.auth.verbs import Role, Verb
from api.core import clock, crypto, db
from api.core.ids import new_id
from tests.access.rules import ENDED, OTHER_KIND, SIGN_IN, Kind
from tests.access.tenant import Person, Tenant

Headers = dict[str, str]


@dataclass(frozen=True)
class Caller:
    """Somebody's headers, and whose ids stand in the path."""

    headers: Headers
    person: Person


Maker = Callable[[Tenant, Tenant], Caller]


def bearer(token: str) -> Headers:
    """Send a token."""
    return {"Authorization": f"Bearer {token}"}


def _mine(change: Callable[[Tenant, Person], Headers]) -> Maker:
    def make(tenant: Tenant, _: Tenant) -> Caller:
        person = tenant.person()
        return Caller(change(tenant, person), person)

    return make


def _at_leos(headers: Callable[[Tenant, Tenant], Headers]) -> Maker:
    return lambda tenant, other: Caller(headers(tenant, other), tenant.leo)


def _self(_: Tenant, person: Person) -> Headers:
    return bearer(person.leader.token)


def _withdrawn(scope: str) -> Callable[[Tenant, Person], Headers]:
    def withdraw(_: Tenant, person: Person) -> Headers:
        assert person.leader.post("/v1/me/withdrawal", {"scope": scope}).status_code == 200
        return bearer(person.leader.token)

    return withdraw


def _signed_out(_: Tenant, person: Person) -> Headers:
    assert person.leader.delete("/v1/session").status_code == 204
    return bearer(person.leader.token)


def _by_cookie(site: str) -> Callable[[Tenant, Person], Headers]:
    return lambda _, person: {"Cookie": f"{ACCESS_COOKIE}={person.leader.token}", "Sec-Fetch-Site": site}


def _an_hour_ago(tenant: Tenant, _: Tenant) -> Caller:
    with time_machine.travel(clock.now() - timedelta(hours=1)):
        person = tenant.person()
    return Caller(bearer(person.leader.token), person)


def _forged(
    secret: Callable[[Tenant], bytes | str],
    algorithm: str = "HS256",
    change: Callable[[Tenant], dict[str, Any]] = lambda _: {},
) -> Maker:
    """Sign a leader's own claims and headers again, otherwise; a claim of None is left out."""

    def make(tenant: Tenant, _: Tenant) -> Caller:
        own = tenant.leo.leader.token
        claims = jwt.decode(own, options={"verify_signature": False}) | change(tenant)
        headers = {name: value for name, value in jwt.get_unverified_header(own).items() if name != "alg"}
        kept = {name: value for name, value in claims.items() if value is not None}
        return Caller(bearer(jwt.encode(kept, secret(tenant), algorithm, headers=headers)), tenant.leo)

    return make


def _key(tenant: Tenant) -> bytes:
    return crypto.derive(tenant.settings.signing_key.get_secret_value(), "jwt", "access")


def _staff(role: Role, verbs: list[Verb] | None = None) -> Maker:
    def make(tenant: Tenant, _: Tenant) -> Caller:
        headers = tenant.staff(f"{role.value.title()} {len(verbs or [])}", role, verbs).headers
        return Caller(headers, Person(tenant.leo.leader, tenant.leo.ids | tenant.staff_ids()))

    return make


def _browser(
    role: Role | None,
    *,
    site: str = "same-origin",
    age: timedelta = timedelta(0),
    elsewhere: bool = False,
    administrator: bool = False,
    change: Callable[[StaffSession], None] = lambda _: None,
) -> Maker:
    def make(tenant: Tenant, other: Tenant) -> Caller:
        with db.transaction(tenant.engine) as session:
            email = f"signed.in.{new_id()}@example.org"
            person = auth.add_staff(session, OPERATOR, email, "Sina", administrator=administrator)
            if role:
                study = other.study_id if elsewhere else tenant.study_id
                auth.set_role(session, OPERATOR, study, person.id, role)
            secret = staff_sessions.start(session, person.id)
            mine = session.exec(select(StaffSession).where(StaffSession.staff_id == person.id)).one()
            mine.stepped_up_at -= age
            change(mine)
            staff_sessions.start(session, person.id)
        ids = tenant.staff_ids(person.id)
        headers = {"Cookie": f"{STAFF_COOKIE}={secret}", "Sec-Fetch-Site": site}
        return Caller(headers, Person(tenant.leo.leader, tenant.leo.ids | ids))

    return make


def _ended(session: StaffSession) -> None:
    session.ended_at = clock.now()


def _idle(session: StaffSession) -> None:
    session.last_used_at -= timedelta(hours=1)


def _over(session: StaffSession) -> None:
    session.expires_at = clock.now()


def _outsider(role: Role) -> Maker:
    return _at_leos(lambda _, other: other.staff(f"{role.value.title()} Elsewhere", role).headers)


def _token(change: Callable[[Tenant], str]) -> Maker:
    return _at_leos(lambda tenant, _: bearer(change(tenant)))


def _revoked(tenant: Tenant) -> str:
    caller = tenant.staff("Rita Revoked", Role.OWNER)
    with db.transaction(tenant.engine) as session:
        principal, _ = auth.staff_by_token(session, caller.token)
        auth.revoke_token(session, OPERATOR, principal.by.id)
    return caller.token


def _expired(tenant: Tenant) -> str:
    with time_machine.travel(clock.now() - timedelta(days=2)):
        return tenant.staff("Eva Expired", Role.OWNER).token


def _administrator(tenant: Tenant, other: Tenant) -> Headers:
    with db.transaction(tenant.engine) as session:
        person = auth.add_staff(
            session, OPERATOR, f"admin.{clock.now():%f}@example.org", "Adam", administrator=True
        )
        auth.set_role(session, OPERATOR, other.study_id, person.id, Role.OWNER)
        _, secret = auth.create_token(session, OPERATOR, person, other.study_id, "test", [], 1)
    return bearer(secret)


_LEADER = Kind(phone=None, token=OTHER_KIND)
_STRANGER = Kind(phone=SIGN_IN, token=SIGN_IN)


def _signed_in(role: Role | None, **more: Any) -> Kind:
    return Kind(SIGN_IN, None, role, **({"browser": True, "our_page": True} | more))


_NO_SESSION = Kind(phone=ENDED, token=OTHER_KIND)  # a JWT, but none that opens anything

CALLERS: dict[str, tuple[Kind, Maker]] = {
    "nobody": (_STRANGER, _at_leos(lambda *_: {})),
    "nonsense": (Kind(ENDED, SIGN_IN), _at_leos(lambda *_: bearer("nonsense"))),
    "another scheme": (_STRANGER, _at_leos(lambda *_: {"Authorization": "Basic bGVvOmxlbw=="})),
    # participants
    "self": (Kind(None, OTHER_KIND, owns=True), _mine(_self)),
    "self by cookie": (Kind(None, SIGN_IN, owns=True, our_page=True), _mine(_by_cookie("same-origin"))),
    "self by cookie from another site": (
        Kind(None, SIGN_IN, owns=True, cross_site=True),
        _mine(_by_cookie("cross-site")),
    ),
    "another of the study": (_LEADER, _at_leos(lambda tenant, _: tenant.join({}).headers)),
    "another of another study": (_LEADER, _at_leos(lambda _, other: other.join({}).headers)),
    "prompts stopped": (Kind(None, OTHER_KIND, owns=True), _mine(_withdrawn("stop_prompts"))),
    "withdrawn": (Kind(None, OTHER_KIND, owns=True, withdrew=True), _mine(_withdrawn("out_of_releases"))),
    "erased": (_NO_SESSION, _mine(_withdrawn("erase"))),
    "device revoked": (_NO_SESSION, _mine(_signed_out)),
    "expired": (_NO_SESSION, _an_hour_ago),
    # forged
    "algorithm none": (_NO_SESSION, _forged(lambda _: "", "none")),
    "another's key": (_NO_SESSION, _forged(lambda _: "x" * 40)),
    "the master of the key": (_NO_SESSION, _forged(lambda t: t.settings.signing_key.get_secret_value())),
    "another algorithm": (_NO_SESSION, _forged(_key, "HS512")),
    "wrong audience": (_NO_SESSION, _forged(_key, change=lambda _: {"aud": "x"})),
    "wrong issuer": (_NO_SESSION, _forged(_key, change=lambda _: {"iss": "x"})),
    "wrong type": (_NO_SESSION, _forged(_key, change=lambda _: {"typ": "x"})),
    "without an end": (_NO_SESSION, _forged(_key, change=lambda _: {"exp": None})),
    "another's device": (
        _NO_SESSION,
        _forged(_key, change=lambda t: {"device": t.lena.leader.device_id}),
    ),
    "refresh as access": (
        Kind(ENDED, SIGN_IN),
        _at_leos(lambda tenant, _: bearer(tenant.leo.leader.refresh_token)),
    ),
    # staff
    **{f"{role} of the study": (Kind(OTHER_KIND, None, role), _staff(role)) for role in Role},
    **{f"{role} of another study": (Kind(OTHER_KIND, None), _outsider(role)) for role in Role},
    **{
        f"owner's token for {verb} alone": (
            Kind(OTHER_KIND, None, Role.OWNER, frozenset({verb})),
            _staff(Role.OWNER, [verb]),
        )
        for verb in (Verb.STUDY_READ, Verb.RELEASE_READ)
    },
    "administrator": (Kind(OTHER_KIND, None), _at_leos(_administrator)),
    # staff in a browser
    **{f"{role} signed in": (_signed_in(role), _browser(role)) for role in Role},
    "owner of another study signed in": (_signed_in(None), _browser(Role.OWNER, elsewhere=True)),
    "administrator signed in": (
        _signed_in(None, administrator=True),
        _browser(None, administrator=True),
    ),
    "administrator signed in long ago": (
        _signed_in(None, administrator=True, stepped_up=False),
        _browser(None, administrator=True, age=timedelta(minutes=10)),
    ),
    "owner signed in long ago": (
        _signed_in(Role.OWNER, stepped_up=False),
        _browser(Role.OWNER, age=timedelta(minutes=10)),
    ),
    "owner signed in, from another site": (
        _signed_in(Role.OWNER, cross_site=True, our_page=False),
        _browser(Role.OWNER, site="cross-site"),
    ),
    **{
        f"owner whose session {how}": (
            Kind(SIGN_IN, ENDED, our_page=True),
            _browser(Role.OWNER, change=change),
        )
        for how, change in (("was ended", _ended), ("is idle", _idle), ("is over", _over))
    },
    "unknown token": (Kind(OTHER_KIND, SIGN_IN), _token(lambda _: crypto.new_secret(auth.PREFIX))),
    "revoked token": (Kind(OTHER_KIND, SIGN_IN), _token(_revoked)),
    "expired token": (Kind(OTHER_KIND, SIGN_IN), _token(_expired)),
}
