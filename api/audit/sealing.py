"""Seals new events in batches into a hash chain, away from every request.

An id is made before its transaction commits, so a smaller id may appear after a greater one was sealed. What counts
is therefore not the order of ids but a mark on the event: sealed are those without a seal's number, each once.
"""

from uuid import UUID

from pydantic import JsonValue
from sqlalchemy import Engine, func, update
from sqlmodel import Session, col, select

from api.audit.append_only import SEALING
from api.audit.content import CONTENTS, EVENTS, leaf
from api.audit.models import AuditEvent, AuditSeal
from api.core import clock, crypto, db
from api.core.config import Settings
from api.core.crypto import KeyDestroyed, MasterKeys
from api.core.jobs import chore
from schemas.canonical import canonical

BATCH = 500  # 15 ms of SQLite's one write lock
BATCHES_AT_ONCE = 40
GENESIS = "0" * 64
_LOCK = 0x0DA7B05E
_UNSEALED = EVENTS.c.seal_number.is_(None)


@chore
def seal_new_events(engine: Engine, settings: Settings) -> None:
    """Seal what is new; what remains of a backlog waits for the next turn."""
    for _ in range(BATCHES_AT_ONCE):
        if seal_next(engine, settings) is None:
            return


def seal_next(engine: Engine, settings: Settings) -> AuditSeal | None:
    """Seal the oldest events that have no seal, in one transaction; return the seal, or None if there were none."""
    with db.reading(engine) as session:
        if session.exec(select(AuditEvent.id).where(_UNSEALED).limit(1)).first() is None:
            return None  # without asking for the write lock
    with db.transaction(engine) as session:
        return _seal(session, settings.master_keys)


def unsealed(session: Session) -> int:
    """Count the events that wait for their seal."""
    return session.exec(select(func.count()).where(_UNSEALED)).one()


def seals(session: Session) -> int:
    """Count the seals."""
    return session.exec(select(func.count()).select_from(AuditSeal)).one()


def head(session: Session) -> AuditSeal | None:
    """Return the last seal."""
    return session.exec(select(AuditSeal).order_by(col(AuditSeal.number).desc())).first()


def digest(seal: AuditSeal) -> str:
    """Return the SHA-256 of a seal: its number, time and events, and the digest before it."""
    said: dict[str, JsonValue] = {
        "number": seal.number,
        "at": seal.at.isoformat(),
        "leaves": crypto.content_hash(seal.leaves),
        "previous": seal.previous,
    }
    return crypto.content_hash(canonical(said))


def is_ours(seal: AuditSeal, keys: MasterKeys) -> bool:
    """Say whether a seal was made by somebody who holds a master key."""
    try:
        return crypto.is_mark(crypto.open_key(keys, seal.wrapped_key), seal.digest, seal.mark)
    except KeyDestroyed:
        return False


def _seal(session: Session, keys: MasterKeys) -> AuditSeal | None:
    _one_at_a_time(session)
    rows = session.execute(CONTENTS.where(_UNSEALED).limit(BATCH).with_for_update()).all()
    if not rows:
        return None
    last = head(session)
    seal = AuditSeal(
        number=last.number + 1 if last else 1,
        leaves=b"".join(map(leaf, rows)),
        previous=last.digest if last else GENESIS,
        digest="",
        wrapped_key=crypto.new_wrapped_key(keys),
        mark="",
        at=clock.now(),
    )
    seal.digest = digest(seal)
    seal.mark = crypto.mark(crypto.open_key(keys, seal.wrapped_key), seal.digest)
    session.add(seal)
    # These rows and no range of ids: one that commits meanwhile is no part of this seal and waits for the next.
    these = EVENTS.c.id.in_([UUID(str(row.id)) for row in rows])
    session.execute(update(EVENTS).where(these).values(seal_number=seal.number), execution_options=SEALING)
    return seal


def _one_at_a_time(session: Session) -> None:
    # SQLite's write lock does the same; the number's primary key stands behind both.
    if session.connection().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(_LOCK)))
