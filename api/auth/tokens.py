"""Personal access tokens of staff who are signed in: make, list, revoke."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import update
from sqlmodel import Session, col, select

from api.auth import service
from api.auth.models import AccessToken, Staff
from api.auth.principals import SessionPrincipal
from api.auth.verbs import ROLE_VERBS, Verb
from api.core import clock
from api.core.problems import Forbidden, NotFound
from schemas.staff import TokenCreate, TokenMade, TokenView


def make(session: Session, principal: SessionPrincipal, wanted: TokenCreate) -> TokenMade:
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
    return TokenMade(**views([token])[0].model_dump(), secret=secret)


def own(session: Session, staff_id: UUID) -> list[TokenView]:
    """List a person's own tokens, with last use."""
    return views(
        session.exec(
            select(AccessToken).where(AccessToken.staff_id == staff_id).order_by(col(AccessToken.id))
        )
    )


def revoke(session: Session, principal: SessionPrincipal, token_id: UUID) -> None:
    """Make a token useless: one's own, or one that opens a study in which one may."""
    token = session.get(AccessToken, token_id)
    if token is None:
        raise NotFound
    role = service.role_of(session, token.study_id, principal.staff_id)
    may = role is not None and Verb.TOKEN_REVOKE in ROLE_VERBS[role]
    if token.staff_id != principal.staff_id and not may:
        raise NotFound
    service.revoke_token(session, principal.actor, token_id)


def views(tokens: Iterable[AccessToken]) -> list[TokenView]:
    """Show tokens without their secrets."""
    return [_token_view(token) for token in tokens]


def revoke_all_of(session: Session, study_id: UUID, staff_id: UUID) -> int:
    """Make useless what a person who leaves a study could open it with; return how many."""
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
