"""Keeps published definitions in memory: they never change, and every entry needs one."""

import threading
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Engine

from api.core.db import reading
from api.core.problems import NotFound
from api.instruments import service
from api.instruments.problems import InstrumentUnknown
from schemas.instrument import InstrumentDefinition

MOST_KEPT = 500
_Name = tuple[UUID, str, int]


@dataclass(frozen=True)
class Published:
    """A published version: its row's id and its definition."""

    id: UUID
    definition: InstrumentDefinition


class Catalogue:
    """Finds published instrument versions by study, key and version."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._kept: dict[_Name, Published] = {}
        self._lock = threading.Lock()

    def kept(self, study_id: UUID, key: str, version: int) -> Published | None:
        """Return a version that is in memory, without touching the database."""
        return self._kept.get((study_id, key, version))

    def load(self, study_id: UUID, key: str, version: int) -> Published:
        """Return a published version, or raise InstrumentUnknown."""
        try:
            with reading(self._engine) as session:
                row = service.published(session, study_id, key, version)
                found = Published(row.id, service.parse(row))
        except NotFound:
            raise InstrumentUnknown from None
        with self._lock:
            if len(self._kept) >= MOST_KEPT:
                self._kept.pop(next(iter(self._kept)))
            self._kept[study_id, key, version] = found
        return found
