"""Invites staff: into a study, to the site, or anew to their own account."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, delete, update
from sqlmodel import Session, col, select

from api.audit import service as audit
from api.audit.events import Event
from api.audit.service import Actor
from api.auth import staff_sessions
from api.auth.account_models import RecoveryCode, StaffCredential, StaffIdentity, StaffInvitation
from api.auth.models import Staff
from api.auth.verbs import Role
from api.core import clock, crypto, ledger
from api.core.ledger import Line
from api.core.problems import NotFound
from schemas.staff import StaffInvitationMade, StaffInvitationView


@dataclass(frozen=True)
class Offer:
    """What somebody is invited to."""

    email: str
    study_id: UUID | None = None
    role: Role | None = None
    is_administrator: bool = False
    staff_id: UUID | None = None


def invite(session: Session, actor: Actor, offer: Offer, days: int) -> StaffInvitationMade:
    """Make an invitation; its code is shown this once, and replaces one that the same offer had before."""
    _expire(
        session,
        col(StaffInvitation.email) == offer.email.lower(),
        col(StaffInvitation.study_id) == offer.study_id,
    )
    code = crypto.new_code()
    invitation = StaffInvitation(
        email=offer.email.lower(),
        study_id=offer.study_id,
        role=offer.role,
        is_administrator=offer.is_administrator,
        staff_id=offer.staff_id,
        invited_by=actor.id,
        code_hash=crypto.digest(code),
        expires_at=clock.now() + timedelta(days=days),
    )
    session.add(invitation)
    session.flush()
    event = Event.STAFF_RESET if offer.staff_id else Event.STAFF_INVITED
    detail = {"role": offer.role.value} if offer.role else {}
    audit.record(session, event, actor, study_id=offer.study_id, object_id=invitation.id, **detail)
    return StaffInvitationMade(**_view(invitation).model_dump(), code=code)


def reset(session: Session, actor: Actor, staff: Staff, days: int) -> StaffInvitationMade:
    """Take a person's password, authenticator and identity away, end their sessions, and invite them anew."""
    _take_credentials(session, staff.id)
    made = invite(session, actor, Offer(staff.email, staff_id=staff.id), days)
    ledger.note(session, Event.STAFF_RESET, {"staff_id": staff.id})
    return made


@ledger.redoes(Event.STAFF_RESET)
def _reset_again(session: Session, line: Line) -> bool:
    """Take the old password away that a backup brings back; the operator resets once more."""
    return _take_credentials(session, line.id("staff_id"))


def _take_credentials(session: Session, staff_id: UUID) -> bool:
    session.exec(select(Staff).where(Staff.id == staff_id).with_for_update(key_share=True)).one_or_none()
    # Sessions last: a sign-in under way holds its credential, and has started its session once that is let go.
    taken = [
        session.execute(delete(kind).where(col(kind.staff_id) == staff_id))
        for kind in (RecoveryCode, StaffCredential, StaffIdentity)
    ]
    staff_sessions.end_all(session, staff_id)
    return any(one.rowcount for one in taken)  # type: ignore[attr-defined] # a DELETE's result has one


def pending(session: Session, study_id: UUID) -> list[StaffInvitationView]:
    """List a study's invitations that somebody may still accept."""
    found: Sequence[StaffInvitation] = session.exec(
        select(StaffInvitation)
        .where(StaffInvitation.study_id == study_id, *_open(clock.now()))
        .order_by(col(StaffInvitation.id))
    ).all()
    return [_view(invitation) for invitation in found]


def revoke(session: Session, actor: Actor, study_id: UUID, invitation_id: UUID) -> None:
    """Make an invitation useless; a second click changes nothing."""
    invitation = session.get(StaffInvitation, invitation_id)
    if invitation is None or invitation.study_id != study_id:
        raise NotFound
    if _expire(session, col(StaffInvitation.id) == invitation_id):
        audit.record(session, Event.INVITATION_REVOKED, actor, study_id=study_id, object_id=invitation_id)


def revoke_all_by(session: Session, study_id: UUID, staff_id: UUID) -> int:
    """Make useless what a person who leaves a study has offered to others; return how many."""
    return _expire(
        session, col(StaffInvitation.study_id) == study_id, col(StaffInvitation.invited_by) == staff_id
    )


def _open(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return col(StaffInvitation.used_at).is_(None), col(StaffInvitation.expires_at) > now


def _expire(session: Session, *which: ColumnElement[bool]) -> int:
    now = clock.now()
    ended = session.execute(update(StaffInvitation).where(*which, *_open(now)).values(expires_at=now))
    return int(ended.rowcount)  # type: ignore[attr-defined] # an UPDATE's result has one


def _view(invitation: StaffInvitation) -> StaffInvitationView:
    return StaffInvitationView(
        id=invitation.id,
        email=invitation.email,
        study_id=invitation.study_id,
        role=invitation.role,
        expires_at=invitation.expires_at,
    )
