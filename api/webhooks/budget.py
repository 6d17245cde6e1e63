"""How often a tool may be asked in a day (UTC)."""

from datetime import datetime

from api.webhooks.adapters.base import Adapter
from api.webhooks.models import WebhookSource


def is_spent(adapter: Adapter, source: WebhookSource, now: datetime) -> bool:
    """Say whether the tool may be asked no more today."""
    most = adapter.fetches_per_day
    return most is not None and source.fetch_day == now.date() and source.fetch_count >= most


def spend(source: WebhookSource, now: datetime, count: int = 1) -> None:
    """Count questions of today."""
    if source.fetch_day != now.date():
        source.fetch_day, source.fetch_count = now.date(), 0
    source.fetch_count += count
