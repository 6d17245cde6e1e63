"""The members of a study."""

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import Session, col, select

from api.audit import service as audit
from api.audit.events import Event
from api.audit.service import Actor
from api.auth import inviting, service, tokens
from api.auth.models import Membership, Staff
from api.auth.problems import LastOwner
from api.auth.verbs import Role
from api.core import ledger
from api.core.ledger import Line
from api.core.problems import NotFound
from schemas.staff import MemberView


def listing(session: Session, study_id: UUID) -> list[MemberView]:
    """List a study's members, those first who came first."""
    rows = session.exec(
        select(Membership, Staff)
        .join(Staff, col(Staff.id) == Membership.staff_id)
        .where(Membership.study_id == study_id)
        .order_by(col(Membership.id))
    )
    return [_member_view(membership, staff) for membership, staff in rows]


def change_role(session: Session, actor: Actor, study_id: UUID, staff_id: UUID, role: Role) -> MemberView:
    """Give a member another role; nobody becomes a member by this, but by accepting an invitation."""
    membership = _member(session, study_id, staff_id, stays_owner=role == Role.OWNER)
    if membership.role != role:
        service.set_role(session, actor, study_id, staff_id, role)
        ids = {"study_id": study_id, "staff_id": staff_id, "role": role.value}
        ledger.note(session, Event.MEMBER_CHANGED, ids)
    return _member_view(membership, session.get_one(Staff, staff_id))


def remove(session: Session, actor: Actor, study_id: UUID, staff_id: UUID) -> None:
    """Take a member out of a study, with their tokens for it and what they have offered to others."""
    membership = _member(session, study_id, staff_id, stays_owner=False)
    session.delete(membership)
    invitations = inviting.revoke_all_by(session, study_id, staff_id)
    revoked = tokens.revoke_all_of(session, study_id, staff_id)
    audit.record(
        session,
        Event.MEMBER_REMOVED,
        actor,
        study_id=study_id,
        object_id=staff_id,
        tokens=revoked,
        invitations=invitations,
    )
    ledger.note(session, Event.MEMBER_REMOVED, {"membership_id": membership.id})


@ledger.redoes(Event.MEMBER_REMOVED)
def _remove_again(session: Session, line: Line) -> bool:
    membership = session.get(Membership, line.id("membership_id"))
    if membership is None:
        return False
    session.delete(membership)
    inviting.revoke_all_by(session, membership.study_id, membership.staff_id)
    tokens.revoke_all_of(session, membership.study_id, membership.staff_id)
    return True


@ledger.redoes(Event.MEMBER_CHANGED)
def _change_again(session: Session, line: Line) -> bool:
    membership = service.membership(session, line.id("study_id"), line.id("staff_id"))
    if membership is None or membership.role == line.ids["role"]:
        return False
    membership.role = Role(line.ids["role"])
    return True


def _member(session: Session, study_id: UUID, staff_id: UUID, *, stays_owner: bool) -> Membership:
    """Return a membership; raise LastOwner if the study would be left without an owner who can sign in."""
    members: Sequence[tuple[Membership, Staff]] = session.exec(
        select(Membership, Staff)
        .join(Staff, col(Staff.id) == Membership.staff_id)
        .where(Membership.study_id == study_id)
        .order_by(col(Membership.id))
        .with_for_update(of=Membership)  # two owners who remove each other: the second one waits, and sees
    ).all()
    found = next((membership for membership, _ in members if membership.staff_id == staff_id), None)
    if found is None:
        raise NotFound
    others = [
        membership
        for membership, staff in members
        if membership.role == Role.OWNER and staff.disabled_at is None and membership is not found
    ]
    if found.role == Role.OWNER and not stays_owner and not others:
        raise LastOwner
    return found


def _member_view(membership: Membership, staff: Staff) -> MemberView:
    return MemberView(
        staff_id=staff.id,
        name=staff.name,
        email=staff.email,
        role=membership.role,
        disabled=staff.disabled_at is not None,
    )
