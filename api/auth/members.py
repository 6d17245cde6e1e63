"""The members of a study, and the tokens that open it."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlalchemy import update
from sqlmodel import Session, col, select

from api.audit import service as audit
from api.audit.events import Event
from api.audit.service import Actor
from api.auth import inviting, service
from api.auth.models import AccessToken, Membership, Staff
from api.auth.principals import SessionPrincipal
from api.auth.problems import LastAdministrator, LastOwner
from api.auth.verbs import ROLE_VERBS, Role, Verb
from api.core import clock, ledger
from api.core.ledger import Line
from api.core.problems import Forbidden, NotFound
from schemas.staff import MemberView, StaffView, TokenCreate, TokenMade, TokenView


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
    tokens = _revoke_tokens(session, study_id, staff_id)
    audit.record(
        session,
        Event.MEMBER_REMOVED,
        actor,
        study_id=study_id,
        object_id=staff_id,
        tokens=tokens,
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
    _revoke_tokens(session, membership.study_id, membership.staff_id)
    return True


def _revoke_tokens(session: Session, study_id: UUID, staff_id: UUID) -> int:
    revoked = session.execute(
        update(AccessToken)
        .where(
            col(AccessToken.study_id) == study_id,
            col(AccessToken.staff_id) == staff_id,
            col(AccessToken.revoked_at).is_(None),
        )
        .values(revoked_at=clock.now())
    )
    return int(revoked.rowcount)  # type: ignore[attr-defined] # an UPDATE's result has one


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


def make_token(session: Session, principal: SessionPrincipal, wanted: TokenCreate) -> TokenMade:
    """Make a personal access token for oneself."""
    role = service.role_of(session, wanted.study_id, principal.staff_id)
    if role is None:
        raise NotFound
    if Verb.TOKEN_CREATE not in ROLE_VERBS[role]:
        raise Forbidden
    staff = session.get_one(Staff, principal.staff_id)
    token, secret = service.create_token(
        session, principal.actor, staff, wanted.study_id, wanted.name, wanted.verbs, wanted.days
    )
    return TokenMade(**token_views([token])[0].model_dump(), secret=secret)


def own_tokens(session: Session, staff_id: UUID) -> list[TokenView]:
    """List a person's own tokens, with last use."""
    return token_views(
        session.exec(
            select(AccessToken).where(AccessToken.staff_id == staff_id).order_by(col(AccessToken.id))
        )
    )


def revoke_token(session: Session, principal: SessionPrincipal, token_id: UUID) -> None:
    """Make a token useless: one's own, or one that opens a study in which one may."""
    token = session.get(AccessToken, token_id)
    if token is None:
        raise NotFound
    role = service.role_of(session, token.study_id, principal.staff_id)
    may = role is not None and Verb.TOKEN_REVOKE in ROLE_VERBS[role]
    if token.staff_id != principal.staff_id and not may:
        raise NotFound
    service.revoke_token(session, principal.actor, token_id)


def token_views(tokens: Iterable[AccessToken]) -> list[TokenView]:
    """Show tokens without their secrets."""
    return [_token_view(token) for token in tokens]


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


def _staff_view(staff: Staff) -> StaffView:
    return StaffView(
        id=staff.id,
        email=staff.email,
        name=staff.name,
        is_administrator=staff.is_administrator,
        disabled=staff.disabled_at is not None,
    )


def _token_view(token: AccessToken) -> TokenView:
    return TokenView(
        id=token.id,
        staff_id=token.staff_id,
        study_id=token.study_id,
        name=token.name,
        verbs=token.verbs,
        created_at=token.created_at,
        expires_at=token.expires_at,
        last_used_at=token.last_used_at,
        revoked_at=token.revoked_at,
    )
