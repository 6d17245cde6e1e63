"""A server that is broken on purpose: it says that a delivery is done before its entry is. The test must catch it."""

import time
from typing import Any

from api.core import clock, db
from api.webhooks import running
from api.webhooks.models import WebhookDelivery
from schemas.inbox import DeliveryStatus
from tests.journeys import hurried_server

LATE = 0.3
_process = running._process


def _too_early(engine: Any, settings: Any, delivery_id: Any, fetched: bytes | None = None) -> Any:
    _mark(engine, delivery_id, DeliveryStatus.PROCESSED)
    time.sleep(LATE)
    _mark(engine, delivery_id, DeliveryStatus.RECEIVED)
    return _process(engine, settings, delivery_id, fetched)


def _mark(engine: Any, delivery_id: Any, status: DeliveryStatus) -> None:
    with db.transaction(engine) as session:
        session.get_one(WebhookDelivery, delivery_id).status = status
        session.get_one(WebhookDelivery, delivery_id).next_attempt_at = clock.now()


def serve(host: str, port: int) -> None:
    """Serve the real application with the broken job."""
    vars(running)["_process"] = _too_early  # the one thing that is broken
    hurried_server.serve(host, port)
