"""Staff, memberships and personal access tokens."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from uuid import UUID

from sqlmodel import Session, col, select

from api.audit import service as audit
from api.audit.events import Event
from api.audit.service import Actor
from api.auth.models import AccessToken, Membership, Staff
from api.auth.principals import StaffPrincipal, TokenScope
from api.auth.verbs import ROLE_VERBS, Role, Verb
from api.core import clock, crypto, ledger
from api.core.ledger import Line
from api.core.problems import Conflict, NotFound, Unauthenticated

PREFIX = "dbp"
_SEEN_EVERY = timedelta(minutes=1)


def add_staff(session: Session, actor: Actor, email: str, name: str, *, administrator: bool = False) -> Staff:
    """Add a person who runs studies."""
    if find_staff(session, email):
        raise Conflict("A member of staff with this e-mail address exists already.")
    staff = Staff(email=email.lower(), name=name, is_administrator=administrator)
    session.add(staff)
    session.flush()
    audit.record(session, Event.STAFF_ADDED, actor, object_id=staff.id)
    return staff


def find_staff(session: Session, email: str) -> Staff | None:
    """Return the member of staff with this e-mail address, if there is one."""
    return session.exec(select(Staff).where(Staff.email == email.lower())).one_or_none()


def staff_by_email(session: Session, email: str) -> Staff:
    """Return the member of staff with this e-mail address, or raise NotFound."""
    staff = find_staff(session, email)
    if staff is None:
        raise NotFound("No member of staff has this e-mail address.")
    return staff


def set_role(session: Session, actor: Actor, study_id: UUID, staff_id: UUID, role: Role) -> None:
    """Give a member of staff a role in a study."""
    found, event = membership(session, study_id, staff_id), Event.MEMBER_CHANGED
    if found is None:
        found, event = Membership(study_id=study_id, staff_id=staff_id, role=role), Event.MEMBER_ADDED
    found.role = role
    session.add(found)
    audit.record(session, event, actor, study_id=study_id, object_id=staff_id, role=role.value)


def role_of(session: Session, study_id: UUID, staff_id: UUID) -> Role | None:
    """Return a staff member's role in a study, or None for an outsider."""
    found = membership(session, study_id, staff_id)
    return found.role if found else None


def studies_of(session: Session, principal: StaffPrincipal) -> list[UUID]:
    """Return the studies that a token or a session opens."""
    mine = session.exec(select(Membership.study_id).where(Membership.staff_id == principal.staff_id))
    return [study_id for study_id in mine if principal.reaches(study_id)]


def create_token(
    session: Session, actor: Actor, staff: Staff, study_id: UUID, name: str, verbs: Iterable[Verb], days: int
) -> tuple[AccessToken, str]:
    """Make a personal access token; its secret is shown once and stored as a hash."""
    role = role_of(session, study_id, staff.id)
    if role is None:
        raise NotFound("This member of staff has no role in that study.")
    wanted = sorted(set(verbs) or ROLE_VERBS[role])
    if beyond := [verb for verb in wanted if verb not in ROLE_VERBS[role]]:
        raise Conflict(f"The role {role} does not include: {', '.join(beyond)}.")
    secret = crypto.new_secret(PREFIX)
    token = AccessToken(
        staff_id=staff.id,
        study_id=study_id,
        name=name,
        verbs=wanted,
        token_hash=crypto.digest(secret),
        expires_at=clock.now() + timedelta(days=days),
    )
    session.add(token)
    session.flush()
    audit.record(session, Event.TOKEN_CREATED, actor, study_id=study_id, object_id=token.id)
    return token, secret


def tokens(session: Session, study_id: UUID | None = None) -> Sequence[AccessToken]:
    """List personal access tokens, newest last."""
    query = select(AccessToken).order_by(col(AccessToken.id))
    return session.exec(query.where(AccessToken.study_id == study_id) if study_id else query).all()


def revoke_token(session: Session, actor: Actor, token_id: UUID) -> None:
    """Make a token useless at once."""
    token = session.get(AccessToken, token_id)
    if token is None:
        raise NotFound("There is no such token.")
    if token.revoked_at is None:
        token.revoked_at = clock.now()
        audit.record(session, Event.TOKEN_REVOKED, actor, study_id=token.study_id, object_id=token.id)
        ledger.note(session, Event.TOKEN_REVOKED, {"token_id": token.id})


@ledger.redoes(Event.TOKEN_REVOKED)
def _revoke_again(session: Session, line: Line) -> bool:
    token = session.get(AccessToken, line.id("token_id"))
    if token is None or token.revoked_at is not None:
        return False
    token.revoked_at = line.at
    return True


def staff_by_token(session: Session, secret: str) -> tuple[StaffPrincipal, bool]:
    """Return whom a personal access token names, and whether its last use should be noted."""
    token = session.exec(
        select(AccessToken).where(AccessToken.token_hash == crypto.digest(secret))
    ).one_or_none()
    now = clock.now()
    if token is None or token.revoked_at is not None or token.expires_at <= now:
        raise Unauthenticated
    staff = session.get(Staff, token.staff_id)
    if staff is None or staff.disabled_at is not None:
        raise Unauthenticated
    stale = token.last_used_at is None or now - token.last_used_at > _SEEN_EVERY
    verbs = frozenset(Verb(verb) for verb in token.verbs)
    return StaffPrincipal(staff.id, TokenScope(token.id, token.study_id, verbs)), stale


def note_use(session: Session, token_id: UUID) -> None:
    """Remember when a token was last used."""
    token = session.get(AccessToken, token_id)
    if token is not None:
        token.last_used_at = clock.now()


def membership(session: Session, study_id: UUID, staff_id: UUID) -> Membership | None:
    """Return a staff member's membership of a study, or None for an outsider."""
    return session.exec(
        select(Membership).where(Membership.study_id == study_id, Membership.staff_id == staff_id)
    ).one_or_none()
