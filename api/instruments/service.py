"""Drafts, publishes, retires and finds instrument versions."""

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import Session, col, select

from api.audit import service as audit
from api.audit.events import Event
from api.audit.service import Actor
from api.core import clock, crypto
from api.core.problems import NotFound
from api.instruments.models import InstrumentVersion, VersionStatus
from api.instruments.problems import ChangeNotAllowed, InstrumentPublished
from schemas.change_gate import compare
from schemas.instrument import InstrumentDefinition
from schemas.instrument_diff import InstrumentDiff, QuestionChange, diff
from schemas.instrument_version import InstrumentVersionView, PublishedVersionView

PROFILE = "profile"


def draft(
    session: Session, actor: Actor, study_id: UUID, definition: InstrumentDefinition
) -> InstrumentVersion:
    """Store a draft, replacing an earlier draft of the same version."""
    text = definition.model_dump_json(exclude_none=True)
    row = find(session, study_id, definition.key, definition.version)
    if row is None:
        row = InstrumentVersion(
            study_id=study_id,
            key=definition.key,
            version=definition.version,
            definition="",
            definition_hash="",
        )
    if row.status != VersionStatus.DRAFT:
        raise InstrumentPublished
    row.definition, row.definition_hash = text, crypto.content_hash(text.encode())
    session.add(row)
    session.flush()
    audit.record(session, Event.INSTRUMENT_DRAFTED, actor, study_id=study_id, object_id=row.id)
    return row


def publish(session: Session, actor: Actor, row: InstrumentVersion) -> InstrumentVersion:
    """Make a draft immutable, if it keeps what earlier versions promised."""
    if row.status != VersionStatus.DRAFT:
        return row
    _refuse_broken_promises(session, row)
    row.status, row.published_at = VersionStatus.PUBLISHED, clock.now()
    audit.record(session, Event.INSTRUMENT_PUBLISHED, actor, study_id=row.study_id, object_id=row.id)
    return row


def retire(session: Session, actor: Actor, row: InstrumentVersion) -> InstrumentVersion:
    """Offer a version to phones no longer; entries filled with it are still taken, for ever."""
    if row.status == VersionStatus.DRAFT:
        raise ChangeNotAllowed("Only a published version can be retired.")
    if row.status == VersionStatus.PUBLISHED:
        row.status, row.retired_at = VersionStatus.RETIRED, clock.now()
        audit.record(session, Event.INSTRUMENT_RETIRED, actor, study_id=row.study_id, object_id=row.id)
    return row


def find(session: Session, study_id: UUID, key: str, version: int) -> InstrumentVersion | None:
    """Return one version, or None."""
    return session.exec(
        select(InstrumentVersion).where(
            InstrumentVersion.study_id == study_id,
            InstrumentVersion.key == key,
            InstrumentVersion.version == version,
        )
    ).one_or_none()


def get(session: Session, study_id: UUID, key: str, version: int) -> InstrumentVersion:
    """Return one version, or raise NotFound."""
    row = find(session, study_id, key, version)
    if row is None:
        raise NotFound
    return row


def published(session: Session, study_id: UUID, key: str, version: int) -> InstrumentVersion:
    """Return one version that participants may see, or raise NotFound."""
    row = get(session, study_id, key, version)
    if row.status == VersionStatus.DRAFT:
        raise NotFound
    return row


def versions(session: Session, study_id: UUID, *, drafts: bool = True) -> Sequence[InstrumentVersion]:
    """List a study's instrument versions, by key and version."""
    query = select(InstrumentVersion).where(InstrumentVersion.study_id == study_id)
    if not drafts:
        query = query.where(col(InstrumentVersion.status) != VersionStatus.DRAFT)
    return session.exec(query.order_by(col(InstrumentVersion.key), col(InstrumentVersion.version))).all()


def current(session: Session, study_id: UUID) -> list[InstrumentVersion]:
    """Return the newest published version of each instrument that is not retired."""
    live = [row for row in versions(session, study_id) if row.status == VersionStatus.PUBLISHED]
    return list({row.key: row for row in live}.values())


def before(session: Session, row: InstrumentVersion) -> InstrumentVersion | None:
    """Return the version that phones were offered before this one, if any."""
    earlier = [
        one
        for one in versions(session, row.study_id, drafts=False)
        if one.key == row.key and one.version < row.version
    ]
    return earlier[-1] if earlier else None


def changes(session: Session, row: InstrumentVersion) -> list[QuestionChange]:
    """Tell how each question stands to the version published before."""
    return _diff(before(session, row), row).questions


def compared(session: Session, study_id: UUID, key: str, version: int, against: int | None) -> InstrumentDiff:
    """Compare a version with another one, by default with the one published before it."""
    row = get(session, study_id, key, version)
    other = before(session, row) if against is None else get(session, study_id, key, against)
    return _diff(other, row)


def published_view(session: Session, row: InstrumentVersion) -> PublishedVersionView:
    """Show a version that was published, and what changed with it."""
    return PublishedVersionView(**dict(view(row)), changes=changes(session, row))


def profile_definition(
    session: Session, study_id: UUID
) -> tuple[InstrumentVersion, InstrumentDefinition] | None:
    """Return the instrument that asks a participant's profile, if the study has one."""
    for row in current(session, study_id):
        definition = parse(row)
        if definition.form(PROFILE):
            return row, definition
    return None


def parse(row: InstrumentVersion) -> InstrumentDefinition:
    """Return a version's definition."""
    return InstrumentDefinition.model_validate_json(row.definition)


def view(row: InstrumentVersion) -> InstrumentVersionView:
    """Show a version without its questions."""
    return InstrumentVersionView(
        key=row.key,
        version=row.version,
        status=row.status.value,
        title=parse(row).title,
        kinds=[form.kind for form in parse(row).forms],
        definition_hash=row.definition_hash,
        published_at=row.published_at,
    )


def _diff(other: InstrumentVersion | None, row: InstrumentVersion) -> InstrumentDiff:
    return diff(parse(other) if other else None, parse(row))


def _refuse_broken_promises(session: Session, row: InstrumentVersion) -> None:
    earlier = [v for v in versions(session, row.study_id, drafts=False) if v.key == row.key]
    if not earlier:
        return
    if errors := compare(parse(earlier[-1]), parse(row)):
        raise ChangeNotAllowed(errors=errors)
