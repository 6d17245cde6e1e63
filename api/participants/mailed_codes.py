"""Codes by e-mail: a participant who is signed out asks for one at the address that is kept of them.

Whoever asks hears the same, whether the address is known or not: what is found is a row, and a job does the rest.
An address that is in two studies gets a mail for each, and neither names its study.
"""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from sqlalchemy import delete, insert
from sqlmodel import Session, col, select

from api.core import clock, mail
from api.core.config import Settings
from api.core.db import columns_of
from api.core.ids import new_id
from api.core.jobs import Jobs
from api.participants import contact_index
from api.participants.models import Contact, MailedCode, Participant
from api.participants.problems import MailNotOffered
from api.participants.telling import Asked, tells
from api.participants.withdrawal import erases
from schemas.participant import ParticipantStatus

JOB = "codes.mail"
ANY_ROW = "due"


def require_mail(settings: Settings) -> None:
    """Refuse everybody alike where no mail is sent."""
    if not mail.is_offered(settings):
        raise MailNotOffered


def ask(session: Session, settings: Settings, jobs: Jobs, email: str) -> None:
    """Note that somebody asked for a code at an address; nothing tells them whether anybody has it."""
    known = contact_index.hash_of(session, settings, email)
    found = session.execute(
        select(Participant.id, Participant.study_id)
        .join(Contact, col(Contact.participant_id) == col(Participant.id))
        .where(Contact.email_hash == known, Participant.status == ParticipantStatus.ENROLLED)
    ).all()
    rows = [{"id": new_id(), "participant_id": who, "study_id": study} for who, study in found]
    if rows:
        session.execute(insert(MailedCode), rows)
    # For nobody too: a job that is enqueued only for somebody could be heard in the time that the answer takes.
    jobs.enqueue_after(session, JOB, ANY_ROW, clock.microseconds(clock.now()))


@tells("mailed_codes")
def _tell_codes(asked: Asked) -> Iterator[dict[str, Any]]:
    mine = select(MailedCode).where(MailedCode.participant_id == asked.participant_id)
    yield from (columns_of(row, but={"participant_id", "study_id"}) for row in asked.session.exec(mine))


@erases
def _erase_codes(session: Session, participant_id: UUID) -> dict[str, int]:
    session.execute(delete(MailedCode).where(col(MailedCode.participant_id) == participant_id))
    return {}
