"""Finds or makes the study that an export goes into, and publishes its instrument there."""

from dataclasses import dataclass
from uuid import UUID
from zoneinfo import available_timezones

from pydantic import ValidationError
from sqlmodel import Session, col, select

from api.audit.service import OPERATOR
from api.auth import service as auth
from api.auth.models import Staff
from api.auth.verbs import Role
from api.core.problems import Conflict, Invalid, NotFound
from api.instruments import service as instruments
from api.instruments.catalogue import Published
from api.releases.disclosure import hierarchies
from api.releases.disclosure import service as disclosure
from api.studies import service as studies
from api.studies.models import Study
from schemas.base import field_errors
from schemas.disclosure import Tier
from schemas.instrument import InstrumentDefinition
from schemas.study import (
    ConsentStatement,
    DocumentCreate,
    DocumentKind,
    StudyCreate,
    StudyStatus,
)
from scripts.importers.mpath.instrument import Mapping
from scripts.importers.mpath.merging import extended
from scripts.importers.mpath.reading import NotMpath

HOME = "Europe/Brussels"  # m-Path's own
SHARING = "share"


@dataclass(frozen=True)
class Wanted:
    """Where an export should go, and what the operator knows that the files do not say."""

    study: UUID | None = None
    title: str | None = None
    owner: str | None = None
    time_zone: str | None = None
    language: str = "en"
    sharing: bool = False


def find_or_create(session: Session, wanted: Wanted, mapping: Mapping) -> tuple[Study, bool]:
    """Return the named study, the one that an earlier import made under this title, or a new one."""
    if wanted.time_zone and wanted.time_zone not in available_timezones():
        raise NotMpath("--time-zone names no time zone of the IANA database, such as Europe/Brussels.")
    if wanted.study:
        return studies.get(session, wanted.study), False
    owner = _owner(session, wanted.owner)
    title = wanted.title or mapping.title
    # Without an owner's look at ids, a second import must find what the first one made.
    same = select(Study).where(Study.title == title).order_by(col(Study.id))
    for study in session.exec(same).all():
        if auth.role_of(session, study.id, owner.id) == Role.OWNER:
            if instruments.find(session, study.id, mapping.key, 1) is None:
                raise Conflict("A study of this title exists already. Choose another, or name it by --study.")
            return study, False
    return _create(session, wanted, mapping, title, owner), True


def publish(session: Session, study: Study, mapping: Mapping) -> Published:
    """Publish the export's instrument, unless this very one is published already."""
    asked = instruments.profile_definition(session, study.id)
    with_profile = asked is None or asked[0].key == mapping.key
    published = [v for v in instruments.versions(session, study.id, drafts=False) if v.key == mapping.key]
    definition = _definition(mapping, with_profile=with_profile)
    if published:
        earlier = instruments.parse(published[-1])
        definition = extended(earlier, definition)
        if definition == earlier:
            return Published(published[-1].id, earlier)
        definition = definition.model_copy(update={"version": earlier.version + 1})
    row = instruments.draft(session, OPERATOR, study.id, definition)
    instruments.publish(session, OPERATOR, row)
    if with_profile and not published:
        session.flush()
        possible = {view.attribute for view in hierarchies.listing(session, study)}
        described_by = [key for key in mapping.profile.keys if key in possible][:8]
        policy = disclosure.policy_of(session, study, Tier.SAFEGUARDED)
        changed = policy.model_copy(update={"quasi_identifiers": described_by})
        disclosure.replace(session, OPERATOR, study, Tier.SAFEGUARDED, changed)
    session.flush()
    return Published(row.id, definition)


def _create(session: Session, wanted: Wanted, mapping: Mapping, title: str, owner: Staff) -> Study:
    try:
        asked = StudyCreate(
            title=title,
            time_zone=wanted.time_zone or HOME,
            languages=[mapping.language],
            starts_on=mapping.starts_on,
        )
    except ValidationError as error:
        raise Invalid(errors=field_errors(error)) from None
    study = studies.create(session, OPERATOR, asked)
    auth.set_role(session, OPERATOR, study.id, owner.id, Role.OWNER)
    for document in _documents(mapping):
        studies.publish_document(session, OPERATOR, study.id, document)
    return studies.change_status(session, OPERATOR, study, StudyStatus.OPEN)


def _owner(session: Session, email: str | None) -> Staff:
    if email:
        return auth.staff_by_email(session, email)
    staff = session.exec(select(Staff).limit(2)).all()
    if len(staff) != 1:
        raise NotFound(
            "Name the member of staff who owns the study by --owner (`daybook staff add` adds one)."
        )
    return staff[0]


def _documents(mapping: Mapping) -> tuple[DocumentCreate, DocumentCreate]:
    language = mapping.language
    information = (
        "The participants of this study read its information sheet in m-Path, before it was imported."
    )
    agreed = mapping.consent.item.label
    share = "My answers may be part of de-identified releases, with a stated risk, to researchers under agreement."
    return (
        DocumentCreate(kind=DocumentKind.INFORMATION, text={language: information}),
        DocumentCreate(
            kind=DocumentKind.CONSENT,
            text={language: "As it was asked in m-Path."},
            statements=[
                ConsentStatement(key="take_part", text={language: agreed}),
                ConsentStatement(key=SHARING, text={language: share}, required=False, purpose="sharing"),
            ],
        ),
    )


def _definition(mapping: Mapping, *, with_profile: bool) -> InstrumentDefinition:
    try:
        return InstrumentDefinition.model_validate(mapping.definition(with_profile=with_profile))
    except ValidationError as error:
        raise Invalid(errors=field_errors(error)) from None
