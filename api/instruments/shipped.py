"""The instruments that come with Daybook."""

from pathlib import Path
from uuid import UUID

from sqlmodel import Session

import schemas
from api.audit.service import Actor
from api.instruments import service
from api.instruments.models import InstrumentVersion
from schemas.instrument import InstrumentDefinition

FOLDER = Path(schemas.__file__).parent / "instruments"


def definitions() -> list[InstrumentDefinition]:
    """Return the shipped definitions, by name."""
    return [
        InstrumentDefinition.model_validate_json(path.read_bytes()) for path in sorted(FOLDER.glob("*.json"))
    ]


def publish_all(session: Session, actor: Actor, study_id: UUID) -> list[InstrumentVersion]:
    """Give a study the shipped instruments."""
    return [
        service.publish(session, actor, service.draft(session, actor, study_id, definition))
        for definition in definitions()
    ]
