"""Finds every route of an application and who may call it, from the application itself."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

from fastapi import APIRouter, FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import iter_route_contexts

from api.auth import dependencies as auth
from api.core.ids import new_id

TABLE = Path(__file__).with_name("routes.txt")
PRINCIPALS = {
    auth.staff: "staff",
    auth.staff_session: "staff session",
    auth.administrator: "staff administrator",
    auth.participant: "participant",
    auth.participant_claims: "claimed participant",
}
# Whose way leads through a wider kind: a token is read first, then the device or the session is looked at.
WITHIN = [
    ("staff session", "staff administrator"),
    ("claimed participant", "participant"),
]
FORM = {
    "key": "place_leadership_diary",
    "version": "1",
    "kind": "decision",
    "number": "1",
    "name": "entries.csv",
    "tier": "safeguarded",
    "attribute": "sector",
    "token": "dbh_nothing",
    "build": "0123456789abcdef",
    "path": "main.js",
}


def calls(dependant: Dependant) -> Iterator[Any]:
    """Walk every function that a route depends on, to any depth."""
    for one in dependant.dependencies:
        yield one.call
        yield from calls(one)


def principal(dependant: Dependant | None) -> str:
    """Name who may call a route."""
    found = list(calls(dependant)) if dependant else []
    kinds = {PRINCIPALS[call] for call in found if call in PRINCIPALS}
    verbs = {call.verb for call in found if hasattr(call, "verb")}
    if verbs:
        assert kinds == {"staff"}, f"a verb without a member of staff: {verbs}, {kinds}"
        return "staff " + " ".join(sorted(verbs))
    for wider, narrower in WITHIN:
        if narrower in kinds:
            kinds -= {wider}
    assert len(kinds) < 2, f"two kinds of caller at one address: {kinds}"
    return next(iter(kinds), "public")


def routes(app: FastAPI | APIRouter) -> dict[str, str]:
    """Return who may call each method and path."""
    return {
        f"{method} {context.path_format}": principal(getattr(context.route, "dependant", None))
        for context in iter_route_contexts(app.routes)
        for method in context.methods or ()
        if method != "HEAD"
    }


def table() -> dict[str, str]:
    """Return the checked-in table."""
    lines = TABLE.read_text(encoding="utf-8").splitlines()
    return dict(line.split(": ") for line in lines)


def lines(found: dict[str, str]) -> str:
    """Write a table."""
    return "".join(f"{route}: {who}\n" for route, who in sorted(found.items()))


def address(path: str, study: UUID) -> str:
    """Fill a path with ids of the right form, of which only the study exists."""
    for part in path.split("/"):
        name = part.strip("{}")
        if part != name:
            path = path.replace(part, str(study) if name == "study_id" else FORM.get(name, str(new_id())))
    return path
