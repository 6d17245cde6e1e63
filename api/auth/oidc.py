"""Staff who sign in through their organisation's OpenID provider.

Nobody is found by an address: who wants to come in this way connects their account first, in a browser in which they
are signed in with password and authenticator (docs/decisions/0013-sign-in-by-oidc.md).
"""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import or_
from sqlmodel import Session, col, select

from api.audit import service as audit
from api.audit.events import Event
from api.audit.service import ANONYMOUS, Actor
from api.auth import oidc_flow, staff_sessions
from api.auth.account_models import StaffIdentity
from api.auth.models import Staff
from api.auth.oidc_flow import Flow
from api.auth.oidc_identity import Identity
from api.auth.oidc_provider import Provider
from api.auth.problems import ProviderSignInRefused
from api.auth.tools import Tools
from api.core import limits
from api.core.config import Settings
from api.core.db import transaction
from schemas.access import SignedInBy

_RETURNS = limits.Limit("staff-provider", minutes=5, per_address=10, overall=1_000, under_attack=3)


@dataclass(frozen=True)
class Start:
    """Where a browser is to go, and what it keeps until it comes back."""

    address: str
    kept: str


@dataclass(frozen=True)
class Return:
    """What a browser comes back with: the provider's answer, and what it has kept."""

    kept: str | None
    state: str | None
    code: str | None
    issuer: str | None


def start(settings: Settings, provider: Provider, flow: Flow) -> Start:
    """Begin a sign-in, or to connect an account."""
    return Start(provider.address(flow.question), oidc_flow.seal(settings, flow))


def finish(tools: Tools, provider: Provider, came: Return, address: str) -> str | None:
    """Return the secret of a new session, or None if an account was connected."""
    with (
        transaction(tools.engine) as session,
        limits.attempt(session, tools.settings, _RETURNS, address=address, failures=ProviderSignInRefused),
    ):
        try:
            return _finish(tools, provider, came)
        except ProviderSignInRefused as refused:
            with transaction(tools.engine) as own:
                audit.record(
                    own, Event.SIGN_IN_REFUSED, ANONYMOUS, object_id=refused.staff_id, wrong=refused.why
                )
            raise


def _finish(tools: Tools, provider: Provider, came: Return) -> str | None:
    flow = oidc_flow.take(tools.settings, tools.engine, came.kept, came.state)
    if came.code is None or came.issuer not in {None, provider.issuer}:
        raise ProviderSignInRefused
    identity = provider.identity(
        came.code, flow.verifier, flow.nonce
    )  # outside any transaction: it takes long
    with transaction(tools.engine) as session:
        if flow.connects:
            _connect(session, flow.connects, identity)
            return None
        return _sign_in(session, identity, flow.replaces)


def _sign_in(session: Session, identity: Identity, replaces: str | None) -> str:
    # Locked: a reset that comes in between waits, and then ends the session that was begun here.
    known = session.exec(
        select(StaffIdentity)
        .where(StaffIdentity.issuer == identity.issuer, StaffIdentity.subject == identity.subject)
        .with_for_update()
    ).one_or_none()
    if known is None:
        raise ProviderSignInRefused("unknown")
    if session.get_one(Staff, known.staff_id).disabled_at is not None:
        raise ProviderSignInRefused("disabled", known.staff_id)
    staff_sessions.end_replaced(session, replaces)
    return staff_sessions.start(session, known.staff_id, SignedInBy.PROVIDER)


def _connect(session: Session, session_id: UUID, identity: Identity) -> None:
    staff = staff_sessions.owner(session, session_id)
    if staff is None:
        raise ProviderSignInRefused("session")
    if not identity.has_address(staff.email):
        raise ProviderSignInRefused("address", staff.id)
    theirs = or_(col(StaffIdentity.subject) == identity.subject, col(StaffIdentity.staff_id) == staff.id)
    known = session.exec(select(StaffIdentity).where(StaffIdentity.issuer == identity.issuer, theirs)).all()
    if [(one.staff_id, one.subject) for one in known] == [(staff.id, identity.subject)]:
        return  # a second click changes nothing
    if known:
        raise ProviderSignInRefused("identity", staff.id)
    session.add(StaffIdentity(staff_id=staff.id, issuer=identity.issuer, subject=identity.subject))
    audit.record(session, Event.IDENTITY_CONNECTED, Actor("staff", staff.id), object_id=staff.id)
