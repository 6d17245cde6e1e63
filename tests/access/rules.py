"""What every caller hears at every address, derived from data: the route table, the role table and the rules below.

A new route needs its line in tests/meta/routes.txt. A new kind of principal needs a line in ADDRESSES. A tool's
kind comes with the webhooks: a caller in callers.py, and the line of its column here.
"""

from dataclasses import dataclass

from api.auth.verbs import ROLE_VERBS, Role, Verb


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
NOWHERE = Refusal(404, "not-found")

# Which credential opens an address, by the first word of its column in the route table.
ADDRESSES = {"public": None, "participant": "phone", "claimed": "phone", "staff": "token"}
# Ids in a path that belong to one participant.
OWNED = ("{entry_id}", "{device_id}")
# What somebody who has withdrawn can do no more; a sync says so of each of its operations.
ADDS_DATA = {
    "PUT /v1/entries/{entry_id}",
    "PUT /v1/me/consent",
    "PUT /v1/me/contact",
    "PUT /v1/me/profile",
}
# What somebody who may hears where no sound request can be made of them.
INSTEAD: dict[str, Refusal] = {}


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


def expected(route: str, who: str, kind: Kind) -> Refusal | None:
    """Return the refusal that a caller must hear at a route, or None if they are let in."""
    column = who.split(" ", maxsplit=1)[0]
    assert column in ADDRESSES, f"{route} is for a new kind of principal: say in rules.py what opens {who!r}"
    match ADDRESSES[column]:
        case "phone":
            return kind.phone or _as_participant(route, kind)
        case "token":
            return kind.token or _as_staff(who.removeprefix("staff").strip(), kind)
    return None


def _as_participant(route: str, kind: Kind) -> Refusal | None:
    method = route.split(" ", maxsplit=1)[0]
    if kind.cross_site and method != "GET":
        return OTHER_SITE
    if not kind.owns and any(name in route for name in OWNED):
        return NOWHERE
    return WITHDREW if kind.withdrew and route in ADDS_DATA else None


def _as_staff(verb: str, kind: Kind) -> Refusal | None:
    if not verb:
        return None
    if kind.role is None:
        return NOWHERE
    return None if Verb(verb) in ROLE_VERBS[kind.role] & kind.verbs else NOT_THE_ROLE
