"""How often a tool may be asked in a day (UTC): all sources of one app at the tool have one limit."""

import contextlib
from datetime import datetime
from uuid import UUID

from sqlalchemy import Engine
from sqlmodel import Session, select

from api.core import clock, crypto, db
from api.core.config import Settings
from api.core.crypto import KeyDestroyed
from api.studies.secrets import study_secret
from api.webhooks import secrets
from api.webhooks.adapters.base import Adapter
from api.webhooks.models import WebhookSource

_NO_LIMIT = 1_000_000


def left(session: Session, settings: Settings, adapter: Adapter, source: WebhookSource) -> int:
    """Return how often a source's tool may still be asked today; what is asked at this moment may not be seen."""
    most = adapter.fetches_per_day
    if most is None:
        return _NO_LIMIT
    mine = _app(session, settings, adapter, source)
    today = select(WebhookSource).where(
        WebhookSource.tool == source.tool, WebhookSource.fetch_day == clock.now().date()
    )
    asked = (
        one.fetch_count
        for one in session.exec(today)
        if one.id == source.id or (mine and _app(session, settings, adapter, one) == mine)
    )
    return max(0, most - sum(asked))


def spend(source: WebhookSource, now: datetime, count: int = 1) -> None:
    """Count questions of today."""
    if source.fetch_day != now.date():
        source.fetch_day, source.fetch_count = now.date(), 0
    source.fetch_count += count


def note(engine: Engine, source_id: UUID, count: int) -> None:
    """Count questions, if there were any, in a transaction of their own: they were asked, whatever came of them."""
    if not count:
        return
    with db.transaction(engine) as session:
        source = session.get(WebhookSource, source_id, with_for_update={"key_share": True})
        if source is not None:
            spend(source, clock.now(), count)


def _app(session: Session, settings: Settings, adapter: Adapter, source: WebhookSource) -> str | None:
    """Return what the tool counts a source's questions by, as far as that can be known."""
    with contextlib.suppress(KeyDestroyed):
        own = study_secret(session, settings, source.study_id)
        token = crypto.open_under(own, source.fetch_token) if source.fetch_token else ""
        return adapter.counted_as([one.value for one in secrets.opened(own, source.secrets)], token) or None
    return None
