"""A sign-in through the provider that is under way: kept in the browser, encrypted, and good for one return."""

import base64
import hashlib
import hmac
import secrets
from contextlib import suppress
from datetime import datetime, timedelta
from uuid import UUID

from pydantic import ValidationError
from sqlalchemy import Engine, delete
from sqlalchemy.exc import IntegrityError
from sqlmodel import col

from api.auth.account_models import SpentState
from api.auth.problems import ProviderSignInRefused
from api.core import clock, crypto
from api.core.config import Settings
from api.core.db import transaction
from schemas.base import Model

LIFE = timedelta(minutes=10)
_LONGEST = 3_000
_LONGEST_SECRET = 100
_OTHER_CLOCKS = timedelta(minutes=1)


class Flow(Model):
    """What binds an answer of the provider to this browser and this question."""

    state: str
    nonce: str
    verifier: str
    until: datetime
    connects: UUID | None = (
        None  # the session whose account gets this identity; without one, somebody signs in
    )
    replaces: str | None = None  # the secret of the session that this browser had: ours comes back without it

    @property
    def question(self) -> dict[str, str]:
        """Return the parameters by which the provider is asked (RFC 7636, S256)."""
        challenge = crypto.opaque(hashlib.sha256(self.verifier.encode()).digest())
        return {
            "scope": "openid email",
            "state": self.state,
            "nonce": self.nonce,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
        }


def begin(*, connects: UUID | None = None, replaces: str | None = None) -> Flow:
    """Return a new flow with 256 random bits each for state, nonce and verifier."""
    state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
    known = replaces if len(replaces or "") <= _LONGEST_SECRET else None
    return Flow(
        state=state,
        nonce=nonce,
        verifier=verifier,
        until=clock.now() + LIFE,
        connects=connects,
        replaces=known,
    )


def seal(settings: Settings, flow: Flow) -> str:
    """Return what the browser keeps of a flow."""
    return crypto.opaque(crypto.seal_under(_key(settings.signing_keys[0]), flow.model_dump_json()))


def take(settings: Settings, engine: Engine, kept: str | None, state: str | None) -> Flow:
    """Return the flow that an answer belongs to, and use it up, or raise ProviderSignInRefused."""
    flow = _opened(settings, kept or "")
    if flow is None or not hmac.compare_digest(flow.state.encode(), (state or "").encode()):
        raise ProviderSignInRefused("state")
    if flow.until <= clock.now():
        raise ProviderSignInRefused("state")
    spent = SpentState(state_hash=crypto.digest(flow.state), expires_at=flow.until + _OTHER_CLOCKS)
    try:
        # The database decides who of two was first: never check, then write.
        with transaction(engine) as session:
            session.execute(delete(SpentState).where(col(SpentState.expires_at) <= clock.now()))
            session.add(spent)
    except IntegrityError:
        raise ProviderSignInRefused("state") from None
    return flow


def _opened(settings: Settings, kept: str) -> Flow | None:
    if len(kept) > _LONGEST or not kept.isascii():
        return None
    for key in settings.signing_keys:  # the process that began may sign with another one, during a rotation
        with suppress(crypto.KeyDestroyed, ValidationError, ValueError):
            sealed = base64.urlsafe_b64decode(kept + "=" * (-len(kept) % 4))
            return Flow.model_validate_json(crypto.open_under(_key(key), sealed))
    return None


def _key(signing_key: str) -> str:
    return crypto.derive(signing_key, "oidc-flow").hex()
