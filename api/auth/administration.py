"""Everybody who runs studies here, and who of them is kept out."""

from uuid import UUID

from sqlmodel import Session, col, select

from api.audit import service as audit
from api.audit.events import Event
from api.audit.service import Actor
from api.auth.models import Staff
from api.auth.problems import LastAdministrator
from api.core import clock, ledger
from api.core.ledger import Line
from api.core.problems import NotFound
from schemas.staff import StaffView


def all_staff(session: Session) -> list[StaffView]:
    """List everybody who runs studies here."""
    return [_staff_view(staff) for staff in session.exec(select(Staff).order_by(col(Staff.id)))]


def set_disabled(session: Session, actor: Actor, staff_id: UUID, *, disabled: bool) -> StaffView:
    """Keep a member of staff out, at once and everywhere, or let them in again."""
    administrators = session.exec(
        select(Staff).where(col(Staff.is_administrator), col(Staff.disabled_at).is_(None)).with_for_update()
    ).all()
    staff = session.get(Staff, staff_id)
    if staff is None:
        raise NotFound
    if disabled and [one.id for one in administrators] == [staff_id]:
        raise LastAdministrator
    if disabled != (staff.disabled_at is not None):
        staff.disabled_at = clock.now() if disabled else None
        event = Event.STAFF_DISABLED if disabled else Event.STAFF_ENABLED
        audit.record(session, event, actor, object_id=staff_id)
        ledger.note(session, event, {"staff_id": staff_id})
    return _staff_view(staff)


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
