"""Lets a member of staff into a study: 404 to outsiders, 403 to members without the verb."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from fastapi import Request
from sqlmodel import Session

from api.audit import service as audit
from api.audit.events import Event
from api.audit.service import Actor
from api.auth import service as auth
from api.auth.dependencies import CurrentStaff, require_step_up
from api.auth.principals import StaffPrincipal
from api.auth.verbs import ROLE_VERBS, Verb
from api.core.db import transaction
from api.core.dependencies import DbSession
from api.core.problems import Forbidden, NotFound
from api.studies import service
from api.studies.models import Study


@dataclass(frozen=True)
class Access:
    """A study, and the member of staff who may do what was asked in it."""

    study: Study
    principal: StaffPrincipal

    @property
    def actor(self) -> Actor:
        """Return who acts, for the audit."""
        return self.principal.actor


def may(verb: Verb) -> Callable[..., Access]:
    """Return a dependency that admits only those who may do this in the study that the path names."""

    def admit(request: Request, study_id: UUID, principal: CurrentStaff, session: DbSession) -> Access:
        if not _is_allowed(session, principal, study_id, verb):
            session.rollback()  # gives SQLite's write lock back before the short transaction below takes it
            with transaction(request.app.state.engine) as own:
                audit.record(own, Event.ACCESS_DENIED, principal.actor, study_id=study_id, verb=verb.value)
            raise Forbidden
        require_step_up(principal, verb)
        return Access(service.get(session, study_id), principal)

    admit.verb = verb  # type: ignore[attr-defined] # read by the test that lists every route's principal
    return admit


def _is_allowed(session: Session, principal: StaffPrincipal, study_id: UUID, verb: Verb) -> bool:
    """Say whether a member may do this; raise NotFound for an outsider."""
    role = auth.role_of(session, study_id, principal.staff_id)
    if role is None or not principal.reaches(study_id):
        raise NotFound
    return verb in ROLE_VERBS[role] and principal.carries(verb)
