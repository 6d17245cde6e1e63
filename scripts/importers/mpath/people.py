"""Makes one participant out of a person's rows: consent, profile, and the device that their entries come from."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session

from api.audit.service import OPERATOR
from api.auth import sessions
from api.auth.principals import ParticipantPrincipal
from api.core.config import Settings
from api.participants import profiles
from api.participants.imported import Imported, enrol_imported
from api.participants.models import Participant
from api.studies import service as studies
from api.studies.models import Study
from schemas.participant import ConsentGiven
from schemas.study import DocumentView
from scripts.importers.mpath.forms import is_answered
from scripts.importers.mpath.instants import BadRow, times
from scripts.importers.mpath.instrument import Mapping
from scripts.importers.mpath.naming import Names
from scripts.importers.mpath.reading import NotMpath, Row

DEVICE = "m-Path import"


def consent_form(session: Session, study: Study) -> DocumentView:
    """Return the form of which an imported consent becomes a record."""
    form = studies.consent_form(session, study.id)
    if form is None:
        raise NotMpath("The study has no consent form: publish one before importing people into it.")
    return form


def statements(form: DocumentView, *, sharing: bool) -> dict[str, bool]:
    """Return an imported consent: yes to taking part, and to sharing as the operator says."""
    return {one.key: one.purpose == "participation" or sharing for one in form.statements}


def consented_at(rows: Sequence[Row], mapping: Mapping) -> datetime | None:
    """Return when a person said yes to the question that asks for consent."""
    for row in rows:
        if is_answered(row) and row[mapping.consent.item.column] == "1":
            try:
                found = times(row)
            except BadRow:
                continue
            return found.stopped or found.started
    return None


def enrol(
    session: Session, study: Study, names: Names, connection: str, consent: tuple[ConsentGiven, datetime]
) -> tuple[Participant, bool]:
    """Return a person's participant, and whether they are new."""
    person = Imported(
        id=names.person_id(connection, study.created_at),
        external_ref=names.person_ref(connection),
        consent=consent[0],
        given_at=consent[1],
    )
    return enrol_imported(session, OPERATOR, study, person)


def fill_profile(session: Session, participant: Participant, mapping: Mapping, rows: Sequence[Row]) -> None:
    """Set the profile of somebody who has none; what they said since is left alone."""
    found = mapping.profile.attributes(row for row in rows if is_answered(row))
    if found and not profiles.read(session, participant.id).answers:
        profiles.replace(session, OPERATOR, participant.id, found)


def principal(session: Session, settings: Settings, participant: Participant) -> ParticipantPrincipal:
    """Return the device from which a participant's imported entries come; made once."""
    known = (device.id for device in sessions.devices(session, participant.id) if device.name == DEVICE)
    device_id = next(known, None)
    if device_id is None:
        device_id = sessions.start(session, settings, participant.id, participant.study_id, DEVICE).device_id
    return ParticipantPrincipal(participant.id, participant.study_id, device_id)
