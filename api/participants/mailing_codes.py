"""Mails the codes that were asked for: each request once, and a code that exists nowhere before its mail goes out.

waiting -> handing -> sent | refused | unknown; a request that could not be served in time is given_up. A worker claims
a request by counting its attempt; one that died before it handed over left it waiting, one that died after is unknown.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Engine, delete, update
from sqlmodel import Session, col, select

from api.audit import service as audit
from api.audit.events import Event
from api.audit.service import SYSTEM
from api.auth import device_codes
from api.core import clock, crypto, db
from api.core.config import Settings
from api.core.jobs import JobContext, chore, job, sweep
from api.core.mail import MailNotAnswered, MailRefused, MailServer, MailUnknown
from api.participants import contacts
from api.participants.code_letters import letter
from api.participants.mailed_codes import ANY_ROW, JOB
from api.participants.models import MailedCode
from api.participants.problems import ParticipantWithdrawn
from api.participants.service import language, lock_welcome

WAITING, HANDING, SENT, REFUSED, UNKNOWN, GIVEN_UP = (
    "waiting",
    "handing",
    "sent",
    "refused",
    "unknown",
    "given_up",
)
_LEASE = timedelta(minutes=3)
_PAUSE = timedelta(seconds=30)
_PATIENCE = timedelta(minutes=20)
_KEPT = timedelta(days=7)


@sweep
def due(session: Session) -> Iterator[tuple[str, str, int]]:
    """Ask for the job while a request waits."""
    if session.exec(select(MailedCode.id).where(col(MailedCode.due_at) <= clock.now()).limit(1)).first():
        yield JOB, ANY_ROW, clock.microseconds(clock.now())


@chore
def forget_old(engine: Engine, _: Settings) -> None:
    """Forget requests that are long over."""
    with db.transaction(engine) as session:
        over = (col(MailedCode.due_at).is_(None), col(MailedCode.asked_at) < clock.now() - _KEPT)
        session.execute(delete(MailedCode).where(*over))


@job(JOB)
def mail_codes(context: JobContext, _: str) -> None:
    """Serve every request that waits; two workers may do it at the same time."""
    engine = db.make_engine(context.settings)
    try:
        with MailServer(context.settings) as server:
            serve(engine, context.settings, server)
    finally:
        engine.dispose()


def serve(engine: Engine, settings: Settings, server: MailServer) -> int:
    """Serve every request that is due, and return how many were sent."""
    with db.reading(engine) as session:
        waiting = session.exec(
            select(MailedCode.id).where(col(MailedCode.due_at) <= clock.now()).order_by(col(MailedCode.id))
        ).all()
    return sum(_serve(engine, settings, server, one) == SENT for one in waiting)


def _serve(engine: Engine, settings: Settings, server: MailServer, request_id: UUID) -> str | None:
    claimed = _claim(engine, settings, request_id)
    if claimed is None:
        return None
    row, to, speaks = claimed
    code = crypto.new_code()
    try:
        message = letter(settings, row.id, to, speaks, code)
        sent = server.send(message, lambda: _hand_over(engine, row, code))
    except MailRefused as refused:
        return _settle(engine, row, REFUSED if refused.for_good else WAITING)
    except MailNotAnswered:
        return _settle(engine, row, WAITING)
    except MailUnknown:
        return _settle(engine, row, UNKNOWN)
    return _settle(engine, row, SENT) if sent else None


def _claim(engine: Engine, settings: Settings, request_id: UUID) -> tuple[MailedCode, str, str] | None:
    """Take a request, or see that there is nothing to do for it any more."""
    with db.transaction(engine) as session:
        row = session.get(MailedCode, request_id, with_for_update=True, populate_existing=True)
        now = clock.now()
        if row is None or row.due_at is None or row.due_at > now:
            return None  # somebody else was first
        row.due_at = None
        if row.state == HANDING:
            row.state = UNKNOWN  # its worker died in the middle of it
            return None
        to = contacts.read(session, settings, row.participant_id).email
        if now > row.asked_at + _PATIENCE or to is None:
            row.state = GIVEN_UP
            return None
        shown_until = _shown_until(session, row.participant_id)
        if shown_until is not None:
            row.due_at = (
                shown_until  # a stranger who asks must not end the code that a device shows right now
            )
            return None
        row.attempts += 1
        row.due_at = now + _LEASE
        return row, to, language(session, row.participant_id)


def _shown_until(session: Session, participant_id: UUID) -> datetime | None:
    """Return until when a code is good that a device of theirs shows, if one does."""
    code = device_codes.open_code(session, participant_id)
    if code is None or session.get(MailedCode, code.id) is not None:  # a mailed one has its request's id
        return None
    return code.expires_at


def _hand_over(engine: Engine, row: MailedCode, code: str) -> bool:
    """Make the code good at the moment in which its mail goes out, unless another worker has taken the request."""
    with db.transaction(engine) as session:
        try:
            lock_welcome(session, row.participant_id)
        except ParticipantWithdrawn:
            return False
        if not _change(session, row, WAITING, state=HANDING) or _shown_until(session, row.participant_id):
            session.rollback()
            return False
        device_codes.make(session, row.participant_id, row.study_id, code=code, code_id=row.id)
        audit.record(
            session, Event.DEVICE_CODE_MAILED, SYSTEM, study_id=row.study_id, object_id=row.participant_id
        )
    return True


def _settle(engine: Engine, row: MailedCode, state: str) -> str:
    due_at = clock.now() + _PAUSE * row.attempts if state == WAITING else None
    with db.transaction(engine) as session:
        for before in (WAITING, HANDING):
            _change(session, row, before, state=state, due_at=due_at)
    return state


def _change(session: Session, row: MailedCode, before: str, **values: Any) -> bool:
    """Change a request if it is still ours: its attempt is the one that we counted."""
    mine = (col(MailedCode.id) == row.id, col(MailedCode.attempts) == row.attempts)
    changed = session.execute(
        update(MailedCode)
        .where(*mine, col(MailedCode.state) == before)
        .values(**values)
        .execution_options(synchronize_session=False)
    )
    return bool(changed.rowcount)  # type: ignore[attr-defined] # an UPDATE's result counts its rows
