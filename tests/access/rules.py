"""What every caller hears at every address, derived from data: the route table, the role table and the rules below.

A new route needs its line in tests/meta/routes.txt. A new kind of principal needs a line in ADDRESSES. A tool's
kind comes with the webhooks: a caller in callers.py, and the line of its column here.
"""

from dataclasses import dataclass

from api.auth.verbs import ROLE_VERBS, STEP_UP, Role, Verb


@dataclass(frozen=True)
class Refusal:
    """A status and a slug."""

    status: int
    slug: str


SIGN_IN = Refusal(401, "unauthenticated")
OTHER_KIND = Refusal(401, "wrong-credential")
ENDED = Refusal(401, "session-ended")
NOT_THE_ROLE = Refusal(403, "forbidden")
OTHER_SITE = Refusal(403, "cross-site")
WITHDREW = Refusal(403, "participant-withdrawn")
STEP_UP_FIRST = Refusal(403, "step-up-needed")
NOWHERE = Refusal(404, "not-found")

# Which credential opens an address, by the first word of its column in the route table.
ADDRESSES = {"public": None, "participant": "phone", "claimed": "phone", "staff": "token"}
# Ids in a path that belong to one participant.
OWNED = ("{entry_id}", "{device_id}", "{prompt_id}")
# What somebody who has withdrawn can do no more; a sync says so of each of its operations.
ADDS_DATA = {
    "PUT /v1/entries/{entry_id}",
    "PUT /v1/me/consent",
    "PUT /v1/me/contact",
    "PUT /v1/me/profile",
    "PUT /v1/me/reminders",
    "POST /v1/me/device-code",
    "POST /v1/me/reminders/calendar",
    "PUT /v1/me/push",
}
# What somebody who may hears where no sound request can be made of them.
INSTEAD: dict[str, Refusal] = {
    "POST /v1/staff/authenticator/confirm": Refusal(422, "offer-not-valid"),
    "GET /v1/staff/oidc/callback": NOWHERE,  # off; tests/auth/oidc asks where it is on
    "GET /v1/staff/oidc/connect": NOWHERE,
    "GET /v1/staff/oidc/start": NOWHERE,
    "POST /v1/session/code/mail": Refusal(404, "mail-not-offered"),
    "GET /v1/calendar/{token}.ics": NOWHERE,  # tests/prompts/test_calendar.py has an address of its own
    "GET /v1/reminders/stop/{token}": NOWHERE,  # tests/prompts/test_stopping.py has a link of its own
    "POST /v1/reminders/stop/{token}": NOWHERE,
    "POST /v1/hooks/{source_id}/{token}": Refusal(401, "not-proven"),  # tests/webhooks proves itself
    # The tenant's tool cannot be asked; tests/webhooks/test_reconciling.py asks those that can.
    "POST /v1/studies/{study_id}/sources/{source_id}/reconciliation": Refusal(409, "tool-not-asked"),
    "POST /v1/staff/invitations/join": Refusal(422, "invitation-not-valid"),
    "POST /v1/staff/session/step-up": Refusal(422, "one-time-code-wrong"),
    "PUT /v1/staff/password": Refusal(401, "sign-in-refused"),
}
# A public address that sets a cookie, so that it is for our own page only.
SETS_A_COOKIE = {"GET /v1/staff/oidc/start", "POST /v1/staff/session"}
# Weighty without being a verb in the study that the path names.
WEIGHTY = {
    "POST /v1/staff/tokens",
    "POST /v1/staff/invitations",
    "PATCH /v1/staff/{staff_id}",
    "POST /v1/staff/authenticator",
    "POST /v1/staff/recovery-codes",
}


@dataclass(frozen=True)
class Kind:
    """A kind of caller: what each kind of address says to their credential, and who they are to the tenant."""

    phone: Refusal | None
    token: Refusal | None
    role: Role | None = None
    verbs: frozenset[Verb] = frozenset(Verb)
    owns: bool = False
    withdrew: bool = False
    cross_site: bool = False
    our_page: bool = False
    browser: bool = False
    stepped_up: bool = True
    administrator: bool = False


def expected(route: str, who: str, kind: Kind) -> Refusal | None:
    """Return the refusal that a caller must hear at a route, or None if they are let in."""
    column = who.split(" ", maxsplit=1)[0]
    assert column in ADDRESSES, f"{route} is for a new kind of principal: say in rules.py what opens {who!r}"
    match ADDRESSES[column]:
        case "phone":
            return kind.phone or _as_participant(route, kind)
        case "token":
            return kind.token or _as_staff(route, who.removeprefix("staff").strip(), kind)
    return OTHER_SITE if route in SETS_A_COOKIE and not kind.our_page else None


def _as_participant(route: str, kind: Kind) -> Refusal | None:
    method = route.split(" ", maxsplit=1)[0]
    if kind.cross_site and method != "GET":
        return OTHER_SITE
    if not kind.owns and any(name in route for name in OWNED):
        return NOWHERE
    return WITHDREW if kind.withdrew and route in ADDS_DATA else None


def _as_staff(route: str, needed: str, kind: Kind) -> Refusal | None:
    if kind.cross_site and not route.startswith("GET "):
        return OTHER_SITE
    if needed in {"session", "administrator"}:
        return _in_a_browser(route, needed, kind)
    if not needed:
        return None
    if kind.role is None:
        return NOWHERE
    if Verb(needed) not in ROLE_VERBS[kind.role] & kind.verbs:
        return NOT_THE_ROLE
    return STEP_UP_FIRST if kind.browser and not kind.stepped_up and needed in STEP_UP else None


def _in_a_browser(route: str, needed: str, kind: Kind) -> Refusal | None:
    if not kind.browser:
        return OTHER_KIND
    if needed == "administrator" and not kind.administrator:
        return NOT_THE_ROLE
    if route in WEIGHTY and not kind.stepped_up:
        return STEP_UP_FIRST
    return NOWHERE if route == "POST /v1/staff/tokens" and kind.role is None else None
