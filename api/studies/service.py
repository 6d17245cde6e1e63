"""Creates, changes and opens studies, and publishes their documents."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Select
from sqlalchemy import select as core_select
from sqlmodel import Session, col, func, select

from api.audit import service as audit
from api.audit.events import Event
from api.audit.service import Actor
from api.core import clock
from api.core.problems import Conflict, NotFound
from api.studies.models import Study, StudyDocument
from api.studies.problems import StudyNotReady
from schemas.study import (
    DocumentCreate,
    DocumentKind,
    DocumentView,
    StudyCreate,
    StudyStatus,
    StudyUpdate,
    StudyView,
)

_EVENTS = {
    StudyStatus.OPEN: Event.STUDY_OPENED,
    StudyStatus.PAUSED: Event.STUDY_PAUSED,
    StudyStatus.CLOSED: Event.STUDY_CLOSED,
}


def create(session: Session, actor: Actor, wanted: StudyCreate) -> Study:
    """Create a study as a draft."""
    study = Study(**wanted.model_dump())
    session.add(study)
    session.flush()
    audit.record(session, Event.STUDY_CREATED, actor, study_id=study.id, object_id=study.id)
    return study


def get(session: Session, study_id: UUID) -> Study:
    """Return a study, or raise NotFound."""
    study = session.get(Study, study_id)
    if study is None:
        raise NotFound
    return study


def lock(session: Session, study_id: UUID) -> None:
    """Let nobody else decide the same thing in a study until this transaction ends; entries go on."""
    session.exec(select(Study.id).where(Study.id == study_id).with_for_update(key_share=True)).one()


def several(session: Session, study_ids: Sequence[UUID]) -> Sequence[Study]:
    """Return some studies, oldest first."""
    return session.exec(select(Study).where(col(Study.id).in_(study_ids)).order_by(col(Study.id))).all()


def update(session: Session, actor: Actor, study: Study, changes: StudyUpdate) -> Study:
    """Change what may change while a study runs; a second click changes nothing."""
    wanted = changes.model_dump(exclude_none=True)
    new = {name: value for name, value in wanted.items() if getattr(study, name) != value}
    for name, value in new.items():
        setattr(study, name, value)
    if new:
        audit.record(session, Event.STUDY_UPDATED, actor, study_id=study.id, object_id=study.id)
    return study


def change_status(session: Session, actor: Actor, study: Study, status: StudyStatus) -> Study:
    """Open, pause or close a study; a second click changes nothing."""
    if study.status == status:
        return study
    if study.status == StudyStatus.CLOSED:
        raise Conflict("A closed study stays closed.")
    if status == StudyStatus.OPEN:
        _require_documents(session, study.id)
        study.opened_at = study.opened_at or clock.now()
        study.starts_on = study.starts_on or study.opened_at.astimezone(ZoneInfo(study.time_zone)).date()
    if status == StudyStatus.CLOSED:
        study.closed_at = clock.now()
    study.status = status
    audit.record(session, _EVENTS[status], actor, study_id=study.id, object_id=study.id)
    return study


def publish_document(session: Session, actor: Actor, study_id: UUID, wanted: DocumentCreate) -> DocumentView:
    """Publish a new version of an information sheet or consent form."""
    latest = session.exec(
        select(func.max(StudyDocument.version)).where(
            StudyDocument.study_id == study_id, StudyDocument.kind == wanted.kind
        )
    ).one()
    document = StudyDocument(study_id=study_id, version=(latest or 0) + 1, **wanted.model_dump())
    session.add(document)
    session.flush()
    audit.record(session, Event.DOCUMENT_PUBLISHED, actor, study_id=study_id, object_id=document.id)
    return document_view(document)


def documents(session: Session, study_id: UUID) -> list[DocumentView]:
    """Return the latest version of each document."""
    found = session.exec(
        select(StudyDocument).where(StudyDocument.study_id == study_id).order_by(col(StudyDocument.version))
    ).all()
    return [document_view(document) for document in {document.kind: document for document in found}.values()]


def consent_form(session: Session, study_id: UUID) -> DocumentView | None:
    """Return the latest consent form."""
    return next((d for d in documents(session, study_id) if d.kind == DocumentKind.CONSENT), None)


def sharing_statements(session: Session, study_id: UUID) -> dict[int, set[str]]:
    """Return, per version of the consent form, the statements that allow sharing in releases."""
    forms = session.exec(
        select(StudyDocument).where(
            StudyDocument.study_id == study_id, StudyDocument.kind == DocumentKind.CONSENT
        )
    ).all()
    return {f.version: {s["key"] for s in f.statements if s["purpose"] == "sharing"} for f in forms}


@dataclass(frozen=True)
class Gate:
    """What decides whether a study takes an entry."""

    closed_at: datetime | None
    edit_window: timedelta
    followed: frozenset[str] = frozenset()
    """The kinds of entry that a schedule follows."""


# What decides whether a study takes an entry. Asked by every batch of entries.
GATES: Select[*tuple[Any, ...]] = core_select(
    col(Study.id).label("study_id"),
    col(Study.closed_at),
    col(Study.edit_window_hours),
    col(Study.followed_kinds),
)

# Where studies are at home, and those of them that run now: what is planned and sent is theirs.
HOMES: Select[*tuple[Any, ...]] = core_select(
    col(Study.id).label("study_id"), col(Study.time_zone), col(Study.languages)
)
RUNNING = HOMES.where(col(Study.status) == StudyStatus.OPEN)


def view(study: Study) -> StudyView:
    """Show a study to staff."""
    return StudyView(
        **study.model_dump(exclude={"followed_kinds"}), contact_erased_from=contact_erased_from(study)
    )


def contact_erased_from(study: Study) -> datetime | None:
    """Return when a closed study's contact data is due to be erased; None while it is not closed."""
    if study.closed_at is None:
        return None
    return study.closed_at + timedelta(days=study.contact_retention_days)


def closed(session: Session) -> Sequence[Study]:
    """Return the studies that have ended."""
    return session.exec(select(Study).where(col(Study.closed_at).is_not(None))).all()


def document_view(document: StudyDocument) -> DocumentView:
    """Show a document."""
    return DocumentView.model_validate(document.model_dump(exclude={"id", "study_id"}))


def _require_documents(session: Session, study_id: UUID) -> None:
    found = {document.kind: document for document in documents(session, study_id)}
    if DocumentKind.INFORMATION not in found:
        raise StudyNotReady("Publish an information sheet first.")
    if DocumentKind.CONSENT not in found:
        raise StudyNotReady("Publish a consent form first.")
    if not any(statement.purpose == "sharing" for statement in found[DocumentKind.CONSENT].statements):
        raise StudyNotReady("The consent form needs a statement about sharing de-identified data.")
