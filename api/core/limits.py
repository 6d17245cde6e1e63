"""Limits of failed attempts, exact and shared by every process through the database.

An attempt is written down before the work and taken back when the work succeeds, so that a hundred guesses at the
same moment are a hundred counted guesses. docs/decisions/0010 says why, and what each scope is for.
"""

import math
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, insert, text
from sqlmodel import Session, col, select

from api.core import clock, crypto
from api.core.config import Settings
from api.core.db import transaction
from api.core.ids import new_id
from api.core.models import Attempt
from api.core.problems import Problem, TooManyAttempts, Unauthenticated

_LOCK = text("SELECT pg_advisory_xact_lock(230340621)")


@dataclass(frozen=True)
class Limit:
    """How many attempts may fail in a sliding window of `minutes`.

    `overall` locks nobody out: once that many have failed everywhere, an address has `under_attack` left instead of
    `per_address`, and one that has not failed is served as ever.
    """

    name: str
    minutes: int
    per_address: int
    overall: int
    under_attack: int
    per_account: int | None = None

    @property
    def window(self) -> timedelta:
        """Return how long a failure counts."""
        return timedelta(minutes=self.minutes)


@contextmanager
def attempt(
    session: Session,
    settings: Settings,
    limit: Limit,
    *,
    address: str,
    account: str | None = None,
    failures: type[Problem] | tuple[type[Problem], ...] = Unauthenticated,
) -> Iterator[None]:
    """Let some work in `session` be attempted, or raise TooManyAttempts; only `failures` stay counted.

    Enter it before the session's first write, in a request that changes something:

        LOG_IN = Limit("log-in", minutes=5, per_account=10, per_address=10, overall=1_000, under_attack=3)

        @router.post("/log-in")
        def log_in(body: LogIn, address: ClientAddress, session: DbSession, settings: AppSettings) -> SignedIn:
            with limits.attempt(session, settings, LOG_IN, address=address, account=body.email.lower()):
                return service.log_in(session, settings, body)  # raises a kind of Unauthenticated if it fails
    """
    session.rollback()  # gives SQLite's write lock back before the short transaction below takes it
    bind = session.get_bind()
    this = new_id()
    with transaction(bind.engine) as own:
        _reserve(own, settings, limit, this, address, account)
    try:
        yield
    except failures:
        raise
    except Exception:
        session.rollback()
        with transaction(bind.engine) as own:
            _take_back(own, this)
        raise
    _take_back(session, this)  # stored together with the work, or with it not


def count(session: Session, settings: Settings, limit: Limit, *, address: str, account: str) -> None:
    """Count something that may be done so often, whatever comes of it, or raise TooManyAttempts.

    As above: before the session's first write, in a request that changes something.
    """
    session.rollback()
    with transaction(session.get_bind().engine) as own:
        _reserve(own, settings, limit, new_id(), address, account)


def _reserve(
    own: Session, settings: Settings, limit: Limit, this: UUID, address: str, account: str | None
) -> None:
    everywhere, here, mine = (
        _key(settings, limit, "everywhere", ""),
        _key(settings, limit, "address", address),
        _key(settings, limit, "account", account or ""),
    )
    _one_at_a_time(own)
    now = clock.now()  # read under the lock: attempts are in the order of their times
    attacked = _full_until(own, everywhere, limit.overall, now) is not None
    full = [_full_until(own, here, limit.under_attack if attacked else limit.per_address, now)]
    keys = [everywhere, here]
    if limit.per_account is not None and account is not None:
        full.append(_full_until(own, mine, limit.per_account, now))
        keys.append(mine)
    if waits := [until - now for until in full if until]:
        raise TooManyAttempts(retry_after=math.ceil(max(waits).total_seconds()))
    own.execute(delete(Attempt).where(col(Attempt.expires_at) <= now))
    rows = [{"id": this, "key_hash": key, "expires_at": now + limit.window} for key in keys]
    own.execute(insert(Attempt), rows)


def _one_at_a_time(own: Session) -> None:
    # SQLite took its one write lock with the BEGIN that the first statement brings.
    own.execute(_LOCK if own.get_bind().dialect.name == "postgresql" else text("SELECT 1"))


def _full_until(own: Session, key: str, most: int, now: datetime) -> datetime | None:
    """Return when a key has room again, or None if it has room now."""
    counted = (Attempt.key_hash == key, col(Attempt.expires_at) > now)
    newest_first = select(Attempt.expires_at).where(*counted).order_by(col(Attempt.expires_at).desc())
    return own.exec(newest_first.offset(most - 1).limit(1)).first()


def _take_back(session: Session, this: UUID) -> None:
    session.execute(delete(Attempt).where(col(Attempt.id) == this))


def _key(settings: Settings, limit: Limit, scope: str, value: str) -> str:
    secret = settings.signing_key.get_secret_value()
    return crypto.derive(secret, "attempt", limit.name, scope, value).hex()
