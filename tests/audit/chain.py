"""A sealed chain to look at, and Mallory, who has the database but not the master key."""

from typing import Any
from uuid import UUID

from sqlalchemy import Engine, Table, delete, insert, select, update

from api.audit import sealing
from api.audit.append_only import SEALING
from api.audit.content import EVENTS
from api.audit.events import Event
from api.audit.models import AuditSeal
from api.audit.service import OPERATOR, record
from api.audit.verifying import Verification
from api.core import db
from api.core.config import Settings
from api.core.ids import new_id

SEALS: Table = AuditSeal.__table__  # type: ignore[attr-defined] # SQLModel hides __table__


class Chain:
    """Some events in some seals."""

    def __init__(self, engine: Engine, settings: Settings) -> None:
        self.engine, self.settings = engine, settings
        self.keys = settings.master_keys

    def happen(self, count: int) -> None:
        """Let something be recorded, each in its own transaction."""
        for _ in range(count):
            with db.transaction(self.engine) as session:
                record(session, Event.MEMBER_ADDED, OPERATOR, object_id=new_id(), role="analyst")

    def seal(self) -> list[AuditSeal]:
        """Seal all that is new, and return the new seals."""
        return list(iter(lambda: sealing.seal_next(self.engine, self.settings), None))

    def verify(self, noted: str | None = None) -> list[tuple[str, int | None, str | None]]:
        """Return what is wrong: its kind, the seal and the event."""
        walk = Verification(self.engine, self.keys, noted)
        return [(found.kind.name, found.seal, found.event) for found in walk.findings()]

    def events(self, seal: int | None) -> list[UUID]:
        """Return the events of a seal, or those without one, oldest first."""
        which = EVENTS.c.seal_number == seal if seal else EVENTS.c.seal_number.is_(None)
        return [row.id for row in self.rows(select(EVENTS.c.id).where(which).order_by(EVENTS.c.id))]

    def rows(self, query: Any) -> Any:
        """Read what is stored."""
        with self.engine.execution_options(reads_only=True).connect() as connection:
            return connection.execute(query).all()

    def event(self, one: UUID) -> dict[str, Any]:
        """Return an event as it is stored."""
        return dict(self.rows(select(EVENTS).where(EVENTS.c.id == one))[0]._mapping)

    def mallory(self, *statements: Any) -> None:
        """Change the database behind the service's back."""
        with self.engine.execution_options(**SEALING).begin() as connection:
            for statement in statements:
                connection.execute(statement)


def change(one: UUID, **values: Any) -> Any:
    """Change an event's row."""
    return update(EVENTS).where(EVENTS.c.id == one).values(values)


def remove(one: UUID) -> Any:
    """Remove an event's row."""
    return delete(EVENTS).where(EVENTS.c.id == one)


def put(event: dict[str, Any], **values: Any) -> Any:
    """Put in another row like an event's."""
    return insert(EVENTS).values(event | {"id": new_id()} | values)


def change_seal(number: int, **values: Any) -> Any:
    """Change a seal's row."""
    return update(SEALS).where(SEALS.c.number == number).values(values)
