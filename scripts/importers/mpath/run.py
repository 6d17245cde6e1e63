"""Imports an m-Path export into a study, in the caller's transaction."""

from collections.abc import Callable, Sequence
from itertools import groupby

from sqlmodel import Session

from api.core import clock
from api.core.config import Settings
from api.instruments.service import PROFILE
from api.participants import service as participants
from api.studies.models import Study
from api.studies.secrets import study_secret
from schemas.participant import ConsentGiven, ParticipantStatus
from scripts.importers.mpath import people
from scripts.importers.mpath.forms import is_answered, is_planned
from scripts.importers.mpath.instrument import Mapping
from scripts.importers.mpath.ledger import Ledger
from scripts.importers.mpath.leftovers import left_out
from scripts.importers.mpath.naming import Names
from scripts.importers.mpath.person import Job, Person
from scripts.importers.mpath.reading import Row, Sheet
from scripts.importers.mpath.report import Report
from scripts.importers.mpath.study import Wanted, find_or_create, publish


def run(
    session: Session,
    settings: Settings,
    answers: Sheet,
    mapping: Mapping,
    wanted: Wanted,
    advance: Callable[[int], None],
) -> tuple[Study, Report]:
    """Import everything, and account for every row; raise to store nothing."""
    study, _ = find_or_create(session, wanted, mapping)
    report = Report(rows=len(answers.rows), left_out=left_out(answers, mapping))
    job = Job(
        session=session,
        mapping=mapping,
        published=publish(session, study, mapping),
        names=Names(study_secret(session, settings, study.id), study.id),
        home=wanted.time_zone or study.time_zone,
        report=report,
        advance=advance,
    )
    form = people.consent_form(session, study)
    consent = ConsentGiven(
        document_version=form.version, statements=people.statements(form, sharing=wanted.sharing)
    )
    by_person = sorted(answers.rows, key=_connection)
    groups = {who: list(rows) for who, rows in groupby(by_person, key=_connection)}
    enrolled = sum(_import_person(job, settings, study, consent, *group) for group in groups.items())
    report.facts |= _facts(answers, len(groups), enrolled)
    report.facts["participants whose de-identified entries may be released"] = len(
        participants.sharing(session, study.id, clock.now())
    )
    _note(report, mapping, wanted)
    return study, report


def _import_person(
    job: Job, settings: Settings, study: Study, consent: ConsentGiven, connection: str, rows: Sequence[Row]
) -> bool:
    """Import one person's rows; say whether they were enrolled by it."""
    given_at = people.consented_at(rows, job.mapping) if connection else None
    if given_at is None:
        _refuse_all(job, rows, "the file holds no consent of this person")
        return False
    participant, new = people.enrol(job.session, study, job.names, connection, (consent, given_at))
    if participant.status != ParticipantStatus.ENROLLED:
        _refuse_all(job, rows, "the participant withdrew from the study")
        return False
    if job.published.definition.form(PROFILE):
        people.fill_profile(job.session, participant, job.mapping, rows)
    principal = people.principal(job.session, settings, participant)
    ledger = Ledger(job.session, job.names, connection, (study.id, participant.id))
    Person(job, connection, principal, ledger).take(rows)
    return new


def _refuse_all(job: Job, rows: Sequence[Row], reason: str) -> None:
    for row in rows:
        job.report.refuse(row["questionListName"], row.line, reason)
    job.advance(len(rows))


def _connection(row: Row) -> str:
    return row["connectionId"]


def _facts(answers: Sheet, people_found: int, enrolled: int) -> dict[str, str | int]:
    planned = [(row["connectionId"], row["scheduledBeepId"]) for row in answers.rows if is_planned(row)]
    answered = [row for row in answers.rows if is_answered(row)]
    beeps = [(row["connectionId"], row["scheduledBeepId"]) for row in answered if is_planned(row)]
    return {
        "people in the file": people_found,
        "participants enrolled now": enrolled,
        "prompts planned": len(set(planned)),
        "prompts answered": len(set(beeps)),
        "answers to a prompt answered before (all kept, as entries)": len(beeps) - len(set(beeps)),
        "answers without a prompt (self-started)": len(answered) - len(beeps),
    }


def _note(report: Report, mapping: Mapping, wanted: Wanted) -> None:
    report.notes.append(
        "An option that nobody ever chose is not in the export, and so not in the instrument."
    )
    reworded = [mapper.item.name for mapper in mapping.mappers if mapper.item.reworded]
    if reworded:
        report.notes.append(f"Worded differently in the course of the study: {', '.join(reworded)}.")
    unasked = [name for name in mapping.lists if name not in mapping.forms]
    if unasked:
        report.notes.append(f"Never answered, so without a form: {', '.join(unasked)}.")
    if not wanted.sharing:
        report.notes.append(
            "No consent to share was recorded by this import. If the study's consent covered it, "
            "run it again with --sharing-agreed."
        )
