"""Everybody who runs studies here, and who of them is kept out."""

from uuid import UUID

from sqlmodel import Session, col, select

from api.audit import service as audit
from api.audit.events import Event
from api.audit.service import Actor
from api.auth.account_models import StaffCredential
from api.auth.models import Staff
from api.auth.problems import LastAdministrator
from api.core import clock, ledger
from api.core.ledger import Line
from api.core.problems import Conflict, NotFound
from schemas.staff import StaffView


def all_staff(session: Session) -> list[StaffView]:
    """List everybody who runs studies here."""
    return [_staff_view(staff) for staff in session.exec(select(Staff).order_by(col(Staff.id)))]


def set_disabled(session: Session, actor: Actor, staff_id: UUID, *, disabled: bool) -> StaffView:
    """Keep a member of staff out, at once and everywhere, or let them in again."""
    alone = _is_last_administrator(session, staff_id)
    staff = session.get(Staff, staff_id)
    if staff is None:
        raise NotFound
    if disabled and alone:
        raise LastAdministrator
    if disabled != (staff.disabled_at is not None):
        staff.disabled_at = clock.now() if disabled else None
        event = Event.STAFF_DISABLED if disabled else Event.STAFF_ENABLED
        audit.record(session, event, actor, object_id=staff_id)
        ledger.note(session, event, {"staff_id": staff_id})
    return _staff_view(staff)


def set_administrator(session: Session, actor: Actor, staff: Staff, *, administrator: bool) -> None:
    """Let somebody who has accepted an invitation administer the site, or no more; at once."""
    if administrator and session.get(StaffCredential, staff.id) is None:
        raise Conflict("This person cannot sign in yet: invite them with --administrator instead.")
    if not administrator and _is_last_administrator(session, staff.id):
        raise LastAdministrator
    if administrator != staff.is_administrator:
        staff.is_administrator = administrator
        event = Event.ADMINISTRATOR_ADDED if administrator else Event.ADMINISTRATOR_REMOVED
        audit.record(session, event, actor, object_id=staff.id)
        ledger.note(session, event, {"staff_id": staff.id})


@ledger.redoes(Event.ADMINISTRATOR_ADDED)
@ledger.redoes(Event.ADMINISTRATOR_REMOVED)
def _set_administrator_again(session: Session, line: Line) -> bool:
    """Add or remove again; line after line, so that the last one counts."""
    staff = session.get(Staff, line.id("staff_id"))
    administrator = line.kind == Event.ADMINISTRATOR_ADDED
    if staff is None or administrator == staff.is_administrator:
        return False
    staff.is_administrator = administrator
    return True


def _is_last_administrator(session: Session, staff_id: UUID) -> bool:
    """Say whether nobody else administers the site; who does stays so until this transaction ends."""
    administrators = session.exec(
        select(Staff).where(col(Staff.is_administrator), col(Staff.disabled_at).is_(None)).with_for_update()
    ).all()
    return [one.id for one in administrators] == [staff_id]


@ledger.redoes(Event.STAFF_DISABLED)
@ledger.redoes(Event.STAFF_ENABLED)
def _set_disabled_again(session: Session, line: Line) -> bool:
    """Keep out or let in again; line after line, so that the last one counts."""
    staff = session.get(Staff, line.id("staff_id"))
    disabled = line.kind == Event.STAFF_DISABLED
    if staff is None or disabled == (staff.disabled_at is not None):
        return False
    staff.disabled_at = line.at if disabled else None
    return True


def _staff_view(staff: Staff) -> StaffView:
    return StaffView(
        id=staff.id,
        email=staff.email,
        name=staff.name,
        is_administrator=staff.is_administrator,
        disabled=staff.disabled_at is not None,
    )
