"""Puts another tenant's ids into every position of every request, and ids that do not exist beside them."""

import copy
import re
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from api.core.ids import new_id
from tests.access.positions import ETAGS, Position
from tests.access.tenant import Tenant, stored_ids
from tests.meta.bodies import carried
from tests.meta.routing import table
from tests.personas import Caller, entry_body

UUIDS = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_MADE = re.compile(
    r"\bdb[a-z]_[\w-]{43}|\beyJ[\w-]+\.[\w-]+\.[\w-]+|\b[0-9a-f]{64}\b|\b[2-9A-Z]{4}-[2-9A-Z]{4}-[2-9A-Z]{4}\b"
    r"|\b[A-Z2-7]{32}\b|\b[a-z.]+[0-9a-f]{6}(?:@|%40)example"
)
_SHORT = 8  # a shorter value stands in an answer by chance
_NO_NEWS = "9" * 18
_LISTED = table()
# Where a phone names the entry that it makes. A name that somebody has cannot be given again, so it is refused and one
# that nobody has is not (nobody guesses 74 random bits); all refusals are one, whosever it is.
MAKES_ENTRIES = {
    Position("PUT /v1/entries/{entry_id}", "path", "entry_id"),
    Position("POST /v1/sync", "body", "ops/0/id"),
}


Told = tuple[int, str, tuple[tuple[str, str], ...]]


@dataclass
class Sweep:
    """A tenant whose people ask, and another whose objects they ask for."""

    tenant: Tenant
    other: Tenant
    known: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        self.known = frozenset(map(str, stored_ids(self.tenant.engine)))

    def foreign(self, position: Position) -> dict[str, str]:
        """Return what is not the caller's, by kind: the other tenant's, and for a leader another leader's."""
        match position.name.rsplit("/", 1)[-1]:
            case "key" | "instrument":
                return {"instrument_version.key": self.other.key}
            case "version" | "number":
                return {"release.number": "2"}  # ours has one release, and one version of what is asked for
            case "cursor":
                last = self.other.leo.leader.post("/v1/sync", {}).json()["cursor"]
                return {"entry.change_seq": last}
            case name if name in ETAGS:
                return {"release.files": self.other.etag}
        found = {kind: str(one) for one, kind in self.other.objects.items()}
        if position in MAKES_ENTRIES:
            found = {kind: one for kind, one in found.items() if kind.startswith("entry")}
            found |= {name: self.tenant.lena.ids[name] for name in ("entry_id", "tombstone")}
        elif not _LISTED[position.route].startswith("staff"):
            found |= self.tenant.lena.ids
        return found

    def ask(self, position: Position, value: str) -> Any:
        """Send a request that is sound but for one position, as one who may send it."""
        method, path = position.route.split(" ")
        tenant, leo = self.tenant, self.tenant.leo
        body = self._body(position.route)
        headers = self._caller(_LISTED[position.route]).headers | {"X-Request-Id": "the-sweep"}
        query = {}
        match position.place:
            case "path":
                path = path.replace(f"{{{position.name}}}", value)
            case "query":
                query = {position.name: value}
            case "header":
                headers |= {position.name: value} | (
                    {"Range": "bytes=0-9"} if position.name == "If-Range" else {}
                )
            case "body":
                path = path.replace("{entry_id}", str(new_id()))
                body = _with(body, position.name.split("/"), value)
                if position.name == "cursor":
                    body = {"cursor": value}  # nothing changes between the two answers
        tenant.client.cookies.clear()
        address = tenant.address(path, leo)
        return tenant.client.request(method, address, params=query, **carried(body), headers=headers)

    def told(self, answer: Any, sent: str) -> Told:
        """Return everything that an answer tells; what was sent, and what it made, have names in it."""

        def plain(text: str) -> str:
            if len(sent) > _SHORT:
                text = text.replace(sent, "<sent>")
            text = UUIDS.sub(lambda found: found[0] if found[0] in self.known else "<made>", text)
            return _MADE.sub("<made>", text)

        headers = [(name, plain(value)) for name, value in answer.headers.multi_items()]
        return answer.status_code, plain(answer.text), tuple(sorted(headers))

    def _caller(self, who: str) -> Caller:
        if who in {"staff session", "staff administrator"}:
            return self.tenant.sina
        return self.tenant.olivia if who.startswith("staff") else self.tenant.leo.leader

    def _body(self, route: str) -> Any:
        if route == "POST /v1/sync":
            return {"cursor": _NO_NEWS, "ops": [{"op": "put", "id": str(new_id()), "entry": entry_body()}]}
        return self.tenant.body(route)


def nowhere(value: str, salt: int) -> str:
    """Return a value that nothing has, another for each salt; an id sorts where the given one does."""
    if UUIDS.fullmatch(value):
        return str(UUID(int=UUID(value).int ^ salt))
    if value.isdigit():
        return str(int(value) + 1)
    changed = "b" if value[-3] == "a" else "a"
    return value[:-3] + changed + value[-2:]


def _with(body: Any, pointer: list[str], value: str) -> Any:
    """Put a value into a copy of a body, making what is missing on the way."""
    if not pointer:
        return int(value) if value.isdigit() and len(value) < 10 else value
    name, rest = pointer[0], pointer[1:]
    if name == "0":
        return [_with(body[0] if body else None, rest, value)]
    made = copy.copy(body) if isinstance(body, dict) else {}
    made[name] = _with(made.get(name), rest, value)
    return made
