"""A real server with an open study, its gateway, and what its database holds."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from fastapi.testclient import TestClient
from sqlmodel import col, select

from api.core import db
from api.core.config import Settings
from api.diary.models import Entry, EntryRevision
from api.main import create_app
from tests.journeys.server import Forker, Server
from tests.personas import World
from tests.web.sync.gateway import Gateway, gateway


@dataclass
class House:
    """Everything a leader's browser meets."""

    settings: Settings
    server: Server
    gateway: Gateway
    codes: list[str]
    study: str
    owner: str

    def revisions(self, participant: str | None = None) -> dict[str, list[dict[str, Any]]]:
        """Return every stored version of every entry, of one leader or of all, as it was sent."""
        engine = db.make_engine(self.settings)
        query = (
            select(EntryRevision.entry_id, EntryRevision.content)
            .join(Entry, col(Entry.id) == col(EntryRevision.entry_id))
            .order_by(col(EntryRevision.version))
        )
        if participant:
            query = query.where(Entry.participant_id == UUID(participant))
        with db.reading(engine) as session:
            rows = session.exec(query).all()
        engine.dispose()
        found: dict[str, list[dict[str, Any]]] = {}
        for entry, content in rows:
            found.setdefault(str(entry), []).append(json.loads(content))
        return found

    def stored(self, participant: str) -> dict[str, str]:
        """Return the headline of each of a leader's entries."""
        return {
            entry: versions[-1]["answers"]["headline"]
            for entry, versions in self.revisions(participant).items()
        }


@contextmanager
def open_house(settings: Settings, forker: Forker, leaders: int, **changes: Any) -> Iterator[House]:
    """Open a study in an empty database, invite leaders, and serve."""
    engine = db.make_engine(settings)
    with TestClient(create_app(settings), base_url="https://testserver") as client:
        world = World(client, engine, settings)
        invited = world.olivia.post(f"{world.path}/invitations", {"count": leaders}).json()
    engine.dispose()
    served = settings.model_copy(update=changes)
    with Server(served, forker.launch) as server, gateway(server.port) as before:
        codes = [one["code"] for one in invited]
        yield House(settings, server, before, codes, str(world.study_id), world.olivia.token)
