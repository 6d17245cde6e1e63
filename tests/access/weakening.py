"""Takes one route's lock off, in the ways a careless change would, to see whether the matrix notices."""

from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

from fastapi import FastAPI
from fastapi.routing import iter_route_contexts

from api.auth import dependencies as auth
from api.auth.dependencies import CurrentStaff
from api.auth.principals import (
    ParticipantPrincipal,
    SessionPrincipal,
    SignedIn,
    StaffPrincipal,
    TokenScope,
)
from api.auth.verbs import Verb
from api.core import clock, db
from api.core.dependencies import DbSession
from api.core.ids import new_id
from api.core.problems import NotFound
from api.studies import service as studies
from api.studies.access import Access
from tests.access.tenant import Tenant
from tests.meta.routing import calls

Lock = Callable[..., Any]


def locks(app: FastAPI, route: str) -> set[Lock]:
    """Return the dependencies of a route that decide who comes in."""
    for context in iter_route_contexts(app.routes):
        if any(f"{method} {context.path_format}" == route for method in context.methods or ()):
            found = set(calls(getattr(context.route, "dependant")))  # noqa: B009 - routes of other kinds have none
            return {call for call in found if call in _OPEN or hasattr(call, "verb")}
    raise AssertionError(route)


def weakened(app: FastAPI, route: str, tenant: Tenant) -> Iterator[tuple[str, dict[Lock, Lock]]]:
    """Yield each way to weaken a route: every lock off, or a check of the study that forgets one of its questions."""
    found = locks(app, route)
    assert found, f"{route} is closed, but by nothing that weakening.py knows"
    yield "nobody is asked", {lock: _open(lock, tenant) for lock in found}
    for lock in found:
        if hasattr(lock, "verb"):
            yield "any member of staff", {lock: _any_staff}
            yield "any member of the study", {lock: _any_member}


def _open(lock: Lock, tenant: Tenant) -> Lock:
    return _OPEN[lock](tenant) if lock in _OPEN else lambda: _as_owner(tenant)


def _owner(tenant: Tenant) -> StaffPrincipal:
    return StaffPrincipal(new_id(), TokenScope(new_id(), tenant.study_id, frozenset(Verb)))


def _in_a_browser(_: Tenant) -> SessionPrincipal:
    return SessionPrincipal(new_id(), SignedIn(new_id(), clock.now(), is_administrator=True))


def _as_owner(tenant: Tenant) -> Access:
    with db.reading(tenant.engine) as session:
        return Access(studies.get(session, tenant.study_id), _owner(tenant))


def _leo(tenant: Tenant) -> ParticipantPrincipal:
    leo = tenant.leo.leader
    return ParticipantPrincipal(leo.participant_id, tenant.study_id, UUID(leo.device_id))


# `any member of staff` forgets to ask for the study, `any member of the study` for the verb.
def _any_staff(study_id: UUID, principal: CurrentStaff, session: DbSession) -> Access:
    return Access(studies.get(session, study_id), principal)


def _any_member(study_id: UUID, principal: CurrentStaff, session: DbSession) -> Access:
    if not principal.reaches(study_id):
        raise NotFound
    return Access(studies.get(session, study_id), principal)


_OPEN: dict[Lock, Callable[[Tenant], Lock]] = {
    auth.staff: lambda tenant: lambda: _owner(tenant),
    auth.staff_session: lambda tenant: lambda: _in_a_browser(tenant),
    auth.administrator: lambda tenant: lambda: _in_a_browser(tenant),
    auth.participant: lambda tenant: lambda: _leo(tenant),
    auth.participant_claims: lambda tenant: lambda: _leo(tenant),
}
