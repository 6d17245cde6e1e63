"""What the one writer stores of a post: many in one transaction, each once, and only if its source still takes it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Table, bindparam, func, select, update

from api.core import clock
from api.core.ids import new_id
from api.webhooks import storing
from api.webhooks.models import WebhookDelivery, WebhookSource
from api.webhooks.normalised import Post
from api.webhooks.storing import Known, Row
from schemas.inbox import DeliveryStatus

_DELIVERY: Table = WebhookDelivery.__table__  # type: ignore[attr-defined] # SQLModel hides __table__
_SOURCE: Table = WebhookSource.__table__  # type: ignore[attr-defined] # as above
_WAITING = select(func.count()).where(
    _DELIVERY.c.status.in_([DeliveryStatus.RECEIVED, DeliveryStatus.FETCHING])
)
_COUNT_EVERY = timedelta(seconds=1)


class Outcome(StrEnum):
    """What became of a post."""

    STORED = "stored"
    PAUSED = "paused"
    FULL = "full"
    CHANGED = "changed"


@dataclass(frozen=True)
class Arrival:
    """A proven post, judged by one version of its source; `post` is None if it was too large to keep."""

    source_id: UUID
    source_version: int
    post: Post = field(repr=False)
    raw: bytes | None = field(repr=False)
    raw_sha256: str
    size: int
    proof: str


@dataclass(frozen=True)
class Refusal:
    """A post to a true address that proved nothing."""

    source_id: UUID
    reason: str


class Arrivals:
    """Stores posts; used by the one writer's thread alone."""

    def __init__(self, most_waiting: int) -> None:
        self._most = most_waiting
        self._full = False
        self._counted_at: datetime | None = None

    def apply(self, connection: Connection, operations: Sequence[Arrival | Refusal]) -> Sequence[Outcome]:
        """Store some posts and note some refusals; return what became of each."""
        arrivals = [one for one in operations if isinstance(one, Arrival)]
        _note_refusals(connection, [one for one in operations if isinstance(one, Refusal)])
        outcomes = iter(self._store(connection, arrivals) if arrivals else ())
        return [next(outcomes) if isinstance(one, Arrival) else Outcome.STORED for one in operations]

    def _store(self, connection: Connection, arrivals: Sequence[Arrival]) -> list[Outcome]:
        now, full = clock.now(), self._is_full(connection)
        if full:
            found = storing.known(connection, (one.source_id for one in arrivals))
        else:
            found = storing.store(connection, [Row(one.source_version, _row(one, now)) for one in arrivals])
        return [_judge(found.get(one.source_id), one, full=full) for one in arrivals]

    def _is_full(self, connection: Connection) -> bool:
        now = clock.now()
        if self._counted_at is None or now - self._counted_at > _COUNT_EVERY:
            self._full = connection.execute(_WAITING).scalar_one() >= self._most
            self._counted_at = now
        return self._full


def _judge(source: Known | None, one: Arrival, *, full: bool) -> Outcome:
    if source is None or source.version != one.source_version:
        return Outcome.CHANGED
    if not source.takes(one.source_version):
        return Outcome.PAUSED
    return Outcome.FULL if full else Outcome.STORED


def _row(one: Arrival, now: datetime) -> dict[str, Any]:
    delivery, kept = new_id(), one.raw is not None
    return {
        "id": delivery,
        "source_id": one.source_id,
        "received_at": now,
        "content_type": one.post.content_type,
        "headers": dict(one.post.headers),
        "raw": one.raw,
        "raw_sha256": one.raw_sha256,
        "size": one.size,
        "auth_result": one.proof,
        # What is too large was never read to its end, so that nothing tells two of them apart.
        "dedupe_key": one.raw_sha256 if kept else str(delivery),
        "status": DeliveryStatus.RECEIVED if kept else DeliveryStatus.DEAD,
        "reason": None if kept else "It was larger than this address takes, and was not stored.",
        "attempts": 0,
        "next_attempt_at": now,
        "settled_at": None if kept else now,
        "findings": {},
    }


def _note_refusals(connection: Connection, refusals: Sequence[Refusal]) -> None:
    if refusals:
        connection.execute(
            update(_SOURCE)
            .where(_SOURCE.c.id == bindparam("source"))
            .values(
                refused_count=_SOURCE.c.refused_count + 1,
                refused_at=bindparam("at"),
                refused_reason=bindparam("why"),
            ),
            [
                {"source": one.source_id, "at": clock.now(), "why": one.reason[:200]}
                for one in sorted(refusals, key=lambda one: one.source_id)
            ],
        )
