"""Where a delivery ends: every end has a status, a sentence that a researcher understands, and a day of erasure."""

from datetime import timedelta
from typing import Any

from sqlalchemy import update
from sqlmodel import Session, col

from api.core import clock, db
from api.core.config import Settings
from api.webhooks.models import WebhookDelivery
from schemas.inbox import DeliveryStatus

DONE = frozenset({DeliveryStatus.PROCESSED, DeliveryStatus.DUPLICATE, DeliveryStatus.IGNORED})
WITHDRAWN = "The participant has withdrawn: what was sent has been erased."
NOTHING_LEFT: dict[str, Any] = {
    "raw": None,
    "fetched": None,
    "headers": {},
    "findings": {},
    "submission_id": None,
}


class End(Exception):
    """How the processing of a delivery ends."""

    def __init__(self, status: DeliveryStatus, reason: str | None = None, *, erase: bool = False) -> None:
        super().__init__(status)
        self.status, self.reason, self.erase = status, reason, erase


def ignored(reason: str) -> End:
    """End with nothing to do."""
    return End(DeliveryStatus.IGNORED, reason)


def quarantined(reason: str) -> End:
    """End with something that a person has to look at."""
    return End(DeliveryStatus.QUARANTINED, reason)


def gone() -> End:
    """End with nothing kept: whoever sent this has left."""
    return End(DeliveryStatus.QUARANTINED, WITHDRAWN, erase=True)


def settle(session: Session, settings: Settings, delivery: WebhookDelivery, end: End) -> None:
    """Write down how a delivery ended; what is done is erased after some days, what is not waits for a person."""
    now = clock.now()
    delivery.status, delivery.reason = end.status, end.reason and end.reason.replace("\x00", "")[:500]
    delivery.settled_at = now
    delivery.purge_at = now + timedelta(days=settings.inbox_days) if end.status in DONE else None
    if end.erase:
        for name, nothing in NOTHING_LEFT.items():
            setattr(delivery, name, nothing)
        delivery.purge_at = None
        db.shred(session)


def free_key(delivery: WebhookDelivery) -> None:
    """Let the same bytes be a new delivery from here on: they may tell of a new edit."""
    if delivery.dedupe_key == delivery.raw_sha256:
        delivery.dedupe_key = f"{delivery.raw_sha256}:{delivery.id}"


def forget_submission(session: Session, delivery: WebhookDelivery) -> None:
    """Erase what every delivery of a submission said, because the tool took it back."""
    session.execute(
        update(WebhookDelivery)
        .where(
            col(WebhookDelivery.source_id) == delivery.source_id,
            col(WebhookDelivery.submission_id) == delivery.submission_id,
            col(WebhookDelivery.id) != delivery.id,
        )
        .values(raw=None, fetched=None, headers={}, findings={}, purge_at=None)
    )
    db.shred(session)
