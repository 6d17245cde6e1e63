"""Walks the chain of seals from its beginning and names every row that is not as it was sealed."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Engine, Row, String, cast, func
from sqlmodel import Session, col, select

from api.audit import sealing
from api.audit.content import CONTENTS, EVENTS, LEAF, digest, instant, leaves, uuid
from api.audit.models import AuditSeal
from api.core import db
from api.core.crypto import MasterKeys

# Longer than any transaction may take, so that a late commit is not mistaken for an event that was put in later.
GRACE = timedelta(hours=1)


class Kind(StrEnum):
    """What can be wrong, as a sentence about an event or a seal."""

    CHANGED = "Event {event} of seal {seal} was changed."
    REMOVED = "Event {event} of seal {seal} was removed."
    MOVED = "Event {event} of seal {seal} was put elsewhere: it no longer names its seal."
    INSERTED = "Event {event} was inserted: it names seal {seal}, which does not hold it."
    MISDATED = "Event {event} of seal {seal} does not fit its place in time: inserted later, or the clock was set back."
    SEAL_REMOVED = "Seal {seal} is missing; an event that names it, if any: {event}."
    SEAL_CHANGED = "Seal {seal} was changed: it does not have its own digest."
    SEAL_FORGED = "Seal {seal} was not made with this service's master key."
    CHAIN_BROKEN = "Seal {seal} does not follow the seal before it."
    HEAD_UNKNOWN = "No seal has the digest that you noted: the chain was cut short or made anew."


@dataclass(frozen=True)
class Finding:
    """One thing that is not as it was sealed."""

    kind: Kind
    seal: int | None = None
    event: str | None = None

    def __str__(self) -> str:
        """Say it in a sentence."""
        return self.kind.value.format(seal=self.seal, event=self.event)


class Verification:
    """One walk; what it has seen so far stands in its attributes. Holds one seal's events at a time."""

    def __init__(self, engine: Engine, keys: MasterKeys, noted: str | None = None) -> None:
        self.seals = 0
        self.events = 0
        self.head: AuditSeal | None = None
        self._engine, self._keys, self._noted = engine, keys, noted
        self._missing: set[int] = set()
        self._newest: datetime | None = None

    def findings(self, progress: Callable[[int], None] = lambda _: None) -> Iterator[Finding]:
        """Yield what is wrong, from the first seal to the last; `progress` hears the number of each seal."""
        noted = self._noted is None
        while True:
            with db.reading(self._engine) as session:
                seal = self._next(session)
                if seal is None:
                    yield from self._without_seal(session)
                    break
                yield from self._seal(seal)
                yield from self._events(session, seal)
            noted = noted or seal.digest == self._noted
            self.seals, self.head = self.seals + 1, seal
            progress(self.seals)
        if not noted:
            yield Finding(Kind.HEAD_UNKNOWN)

    def _next(self, session: Session) -> AuditSeal | None:
        query = select(AuditSeal).order_by(col(AuditSeal.number))
        return session.exec(
            query.where(col(AuditSeal.number) > self.head.number) if self.head else query
        ).first()

    def _seal(self, seal: AuditSeal) -> Iterator[Finding]:
        expected = self.head.number + 1 if self.head else 1
        if seal.number > expected:  # of a long gap its first seal is named
            self._missing.add(expected)
            yield Finding(Kind.SEAL_REMOVED, expected)
        if seal.digest != sealing.digest(seal) or len(seal.leaves) % LEAF:
            yield Finding(Kind.SEAL_CHANGED, seal.number)
        if not sealing.is_ours(seal, self._keys):
            yield Finding(Kind.SEAL_FORGED, seal.number)
        if seal.previous != (self.head.digest if self.head else sealing.GENESIS):
            yield Finding(Kind.CHAIN_BROKEN, seal.number)

    def _events(self, session: Session, seal: AuditSeal) -> Iterator[Finding]:
        rows = {
            uuid(row.id): row for row in session.execute(CONTENTS.where(EVENTS.c.seal_number == seal.number))
        }
        newest = self._newest
        for event, sealed in leaves(seal.leaves):
            row = rows.pop(event, None)
            if row is None:
                yield Finding(_gone(session, event), seal.number, event)
            elif digest(row) != sealed:
                yield Finding(Kind.CHANGED, seal.number, event)
            elif not self._fits(row, seal, newest):
                yield Finding(Kind.MISDATED, seal.number, event)
            self.events += 1
        for stranger in rows:
            yield Finding(Kind.INSERTED, seal.number, stranger)

    def _fits(self, row: Row[Any], seal: AuditSeal, newest: datetime | None) -> bool:
        """Say whether an event's time lies between the seals before its own and its own."""
        at = instant(row.at)
        if at is None or at > seal.at + GRACE or (newest and at < newest - GRACE):
            return False
        self._newest = max(self._newest or at, min(at, seal.at))
        return True

    def _without_seal(self, session: Session) -> Iterator[Finding]:
        """Name each seal that events name and that is not there."""
        number = EVENTS.c.seal_number
        gone = session.execute(
            select(number, func.min(cast(EVENTS.c.id, String)))
            .where(number.is_not(None), number.not_in(select(AuditSeal.number)))
            .group_by(number)
            .order_by(number)
        )
        for seal, event in gone:
            if seal not in self._missing:
                yield Finding(Kind.SEAL_REMOVED, seal, uuid(event))


def _gone(session: Session, event: str) -> Kind:
    known = session.execute(select(EVENTS.c.id).where(EVENTS.c.id == UUID(event))).first()
    return Kind.MOVED if known else Kind.REMOVED
