"""Keeps what the door needs of sources in memory; the writer's transaction sees whether it is still true."""

import threading
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import Engine
from sqlmodel import Session

from api.core import crypto
from api.core.config import Settings
from api.core.db import reading
from api.studies.secrets import study_secret
from api.webhooks import secrets
from api.webhooks.adapters import ADAPTERS
from api.webhooks.adapters.base import Adapter
from api.webhooks.models import WebhookSource
from api.webhooks.secrets import LiveSecret
from schemas.source import SourceOptions

MOST_KEPT = 1_000
_NO_TOKEN = crypto.digest("no source has this token")


@dataclass(frozen=True)
class Known:
    """One version of a source, as far as its door goes by it."""

    id: UUID
    version: int
    token_hash: str = field(repr=False)
    adapter: Adapter
    options: SourceOptions
    secrets: tuple[LiveSecret, ...] = field(repr=False)

    @property
    def live_secrets(self) -> list[str]:
        """Return the secrets that prove something now, newest first."""
        return [one.value for one in self.secrets if one.is_live]


def opens(source: Known | None, token: str) -> bool:
    """Say whether an address is a source's; an unknown source takes as long as a known one."""
    known = crypto.is_digest(source.token_hash if source else _NO_TOKEN, token if token.isascii() else "")
    return known and source is not None


class Sources:
    """Finds sources by id."""

    def __init__(self, engine: Engine, settings: Settings) -> None:
        self._engine, self._settings = engine, settings
        self._kept: dict[UUID, Known] = {}
        self._lock = threading.Lock()

    def kept(self, source_id: UUID) -> Known | None:
        """Return a source that is in memory, as it was when it was last read."""
        return self._kept.get(source_id)

    def load(self, source_id: UUID) -> Known | None:
        """Return a source as it is now, or None if there is none."""
        with reading(self._engine) as session:
            row = session.get(WebhookSource, source_id)
            found = self._known(session, row) if row else None
        with self._lock:
            self._kept.pop(source_id, None)
            if found:
                if len(self._kept) >= MOST_KEPT:
                    self._kept.pop(next(iter(self._kept)))
                self._kept[source_id] = found
        return found

    def _known(self, session: Session, row: WebhookSource) -> Known:
        return Known(
            id=row.id,
            version=row.version,
            token_hash=row.token_hash,
            adapter=ADAPTERS[row.tool],
            options=SourceOptions.model_validate(row.options),
            secrets=secrets.opened(study_secret(session, self._settings, row.study_id), row.secrets),
        )
