"""Browsers in which staff are signed in: start, find, renew, list, end."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, true, update
from sqlmodel import Session, col, select

from api.audit import service as audit
from api.audit.events import Event
from api.audit.service import Actor
from api.auth.account_models import StaffSession
from api.auth.models import Membership, Staff
from api.auth.principals import STEPPED_UP_FOR, SessionPrincipal, SignedIn
from api.auth.problems import SessionEnded
from api.core import clock, crypto
from api.core.problems import NotFound
from schemas.access import SignedInBy
from schemas.staff import MembershipView, OwnSessionView, StaffSessionView

PREFIX = "dbs"
IDLE, ABSOLUTE = timedelta(minutes=60), timedelta(hours=12)
_SEEN_EVERY = timedelta(minutes=1)


def start(session: Session, staff_id: UUID, by: SignedInBy = SignedInBy.PASSWORD) -> str:
    """Sign a member of staff in; return the secret that their browser keeps."""
    secret, now = crypto.new_secret(PREFIX), clock.now()
    made = StaffSession(
        staff_id=staff_id, secret_hash=crypto.digest(secret), expires_at=now + ABSOLUTE, signed_in_by=by
    )
    if by == SignedInBy.PROVIDER:  # which may have asked them for nothing: what is weighty waits for a code
        made.stepped_up_at = now - STEPPED_UP_FOR
    session.add(made)
    session.flush()
    audit.record(session, Event.SESSION_STARTED, Actor("staff", staff_id), object_id=made.id, by=by.value)
    return secret


def find(session: Session, secret: str) -> tuple[SessionPrincipal, bool]:
    """Return whom a browser's secret names, and whether its last use should be noted."""
    now = clock.now()
    found = session.exec(
        select(StaffSession, Staff)
        .join(Staff, col(Staff.id) == StaffSession.staff_id)
        .where(StaffSession.secret_hash == crypto.digest(secret), *_alive(now))
        .where(col(Staff.disabled_at).is_(None))
    ).one_or_none()
    if found is None:
        raise SessionEnded
    row, staff = found
    signed_in = SignedIn(row.id, row.stepped_up_at, staff.is_administrator)
    return SessionPrincipal(staff.id, signed_in), now - row.last_used_at > _SEEN_EVERY


def owner(session: Session, session_id: UUID) -> Staff | None:
    """Return whose session this is, if it still opens anything; a reset of theirs waits until this transaction ends."""
    staff = session.exec(
        select(Staff)
        .join(StaffSession, col(StaffSession.staff_id) == Staff.id)
        .where(StaffSession.id == session_id, col(Staff.disabled_at).is_(None))
        .with_for_update(of=Staff, key_share=True)
    ).one_or_none()
    alive = select(StaffSession.id).where(StaffSession.id == session_id, *_alive(clock.now()))
    return staff if session.exec(alive).first() else None  # seen under the lock


def note_use(session: Session, session_id: UUID) -> None:
    """Remember when a session was last used."""
    row = session.get(StaffSession, session_id)
    if row is not None:
        row.last_used_at = clock.now()


def renew(session: Session, session_id: UUID) -> str:
    """Give a session a new secret, after its owner has proved again who they are."""
    secret = crypto.new_secret(PREFIX)
    row = session.get_one(StaffSession, session_id)
    row.secret_hash, row.stepped_up_at = crypto.digest(secret), clock.now()
    return secret


def end(session: Session, principal: SessionPrincipal, session_id: UUID) -> None:
    """Sign one of a person's own browsers out, at once."""
    row = session.get(StaffSession, session_id)
    if row is None or row.staff_id != principal.staff_id:
        raise NotFound
    if row.ended_at is None:
        row.ended_at = clock.now()
        audit.record(session, Event.SESSION_ENDED, principal.actor, object_id=row.id)


def end_replaced(session: Session, secret: str | None) -> None:
    """Sign out what a browser was signed in to before it signs in anew."""
    hashed = crypto.digest(secret or "")
    row = session.exec(select(StaffSession).where(StaffSession.secret_hash == hashed)).one_or_none()
    if row is not None and row.ended_at is None:
        row.ended_at = clock.now()
        audit.record(session, Event.SESSION_ENDED, Actor("staff", row.staff_id), object_id=row.id)


def end_all(session: Session, staff_id: UUID, but: UUID | None = None) -> None:
    """Sign a person out everywhere, or everywhere else."""
    session.execute(
        update(StaffSession)
        .where(
            col(StaffSession.staff_id) == staff_id,
            col(StaffSession.ended_at).is_(None),
            col(StaffSession.id) != but if but else true(),
        )
        .values(ended_at=clock.now())
    )


def end_everybody(session: Session) -> int:
    """Sign everybody out of every browser; return how many there were."""
    open_ones = update(StaffSession).where(col(StaffSession.ended_at).is_(None))
    ended = session.execute(open_ones.values(ended_at=clock.now()))
    return int(ended.rowcount)  # type: ignore[attr-defined] # an UPDATE's result has one


def listing(session: Session, principal: SessionPrincipal) -> list[OwnSessionView]:
    """List the browsers in which a person is signed in, oldest first."""
    rows = session.exec(
        select(StaffSession)
        .where(StaffSession.staff_id == principal.staff_id, *_alive(clock.now()))
        .order_by(col(StaffSession.id))
    )
    return [
        OwnSessionView(
            id=row.id,
            signed_in_by=row.signed_in_by,
            signed_in_at=row.created_at,
            last_used_at=row.last_used_at,
            this_session=row.id == principal.session.id,
        )
        for row in rows
    ]


def view(session: Session, session_id: UUID) -> StaffSessionView:
    """Show who is signed in and what for."""
    row = session.get_one(StaffSession, session_id)
    staff = session.get_one(Staff, row.staff_id)
    roles = session.exec(
        select(Membership).where(Membership.staff_id == staff.id).order_by(col(Membership.id))
    )
    return StaffSessionView(
        session_id=row.id,
        staff_id=staff.id,
        email=staff.email,
        name=staff.name,
        is_administrator=staff.is_administrator,
        memberships=[MembershipView(study_id=one.study_id, role=one.role) for one in roles],
        signed_in_by=row.signed_in_by,
        stepped_up_until=row.stepped_up_at + STEPPED_UP_FOR,
        expires_at=row.expires_at,
    )


def _alive(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        col(StaffSession.ended_at).is_(None),
        col(StaffSession.expires_at) > now,
        col(StaffSession.last_used_at) > now - IDLE,
    )
