"""The cells of the matrix: asks as each caller at each route, and compares with what the rules say."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.access.callers import CALLERS, Caller
from tests.access.rules import INSTEAD, Refusal, expected
from tests.access.tenant import Tenant
from tests.meta.bodies import carried


@dataclass(frozen=True)
class Cell:
    """A caller at a route, and the refusal that the rules foresee, if any."""

    route: str
    who: str
    caller: str
    refusal: Refusal | None

    @property
    def changes(self) -> bool:
        """Say whether the caller may change something here, or end what they call by."""
        return self.refusal is None and self.who != "public" and not self.route.startswith("GET ")


def cells(table: Mapping[str, str]) -> Iterator[Cell]:
    """Walk every route and every caller."""
    for route, who in sorted(table.items()):
        for name, (kind, _) in CALLERS.items():
            yield Cell(route, who, name, expected(route, who, kind))


@dataclass
class Matrix:
    """Callers of one tenant; those who only look or are refused are made once."""

    tenant: Tenant
    other: Tenant
    standing: dict[str, Caller] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.standing |= {name: make(self.tenant, self.other) for name, (_, make) in CALLERS.items()}

    def wrong(self, cell: Cell) -> str | None:
        """Ask, and return what is wrong with the answer, if anything."""
        _, make = CALLERS[cell.caller]
        # Who may change something is thrown away with what it changes.
        caller = make(self.tenant, self.other) if cell.changes else self.standing[cell.caller]
        found = _difference(
            self.ask(cell.route, caller, let_in=not cell.refusal), cell.refusal or INSTEAD.get(cell.route)
        )
        return found and f"{cell.caller} at {cell.route} ({cell.who}): {found}"

    def ask(self, route: str, caller: Caller, *, let_in: bool = True) -> Any:
        """Send a sound request."""
        method, path = route.split(" ")
        self.tenant.client.cookies.clear()
        return self.tenant.client.request(
            method,
            self.tenant.address(path, caller.person),
            **carried(self.tenant.body(route, let_in=let_in)),
            headers=caller.headers,
        )


def _difference(answer: Any, wanted: Refusal | None) -> str | None:
    status = answer.status_code
    if wanted is None:
        return None if status < 300 else f"{status} {answer.text[:200]}, but is to be let in"
    slug = f"urn:daybook:problem:{wanted.slug}"
    is_problem = answer.headers.get("content-type") == "application/problem+json"
    if status == wanted.status and is_problem and answer.json()["type"] == slug:
        return None
    return f"{status} {answer.text[:200]}, but is to hear {wanted.status} {wanted.slug}"
