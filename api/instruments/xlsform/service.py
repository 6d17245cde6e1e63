"""Drafts a version from a workbook, and writes a version as one."""

from uuid import UUID

from sqlmodel import Session

from api.audit.service import Actor
from api.instruments import service
from api.instruments.models import InstrumentVersion
from api.instruments.xlsform.reading import read
from api.instruments.xlsform.writing import write
from schemas.base import FieldError
from schemas.instrument_version import ImportedVersionView


def draft(
    session: Session, actor: Actor, study_id: UUID, content: bytes, key: str | None = None
) -> tuple[InstrumentVersion, list[FieldError]]:
    """Store a workbook as the draft of its instrument's next version; `key` is for one without a form_id."""
    reading = read(content, key)
    version = _next(session, study_id, reading.definition.key)
    definition = reading.definition.model_copy(update={"version": version})
    return service.draft(session, actor, study_id, definition), reading.warnings


def imported(
    session: Session, actor: Actor, study_id: UUID, content: bytes, key: str | None
) -> ImportedVersionView:
    """Store a workbook as a draft; show it, what would change and what its author should know."""
    row, warnings = draft(session, actor, study_id, content, key)
    return ImportedVersionView(
        **dict(service.view(row)), changes=service.changes(session, row), warnings=warnings
    )


def workbook(session: Session, study_id: UUID, key: str, version: int) -> bytes:
    """Return a version as a workbook."""
    return write(service.parse(service.get(session, study_id, key, version)))


def _next(session: Session, study_id: UUID, key: str) -> int:
    """Return the version after the newest published one: drafts are replaced."""
    published = service.versions(session, study_id, drafts=False)
    return max((row.version for row in published if row.key == key), default=0) + 1
