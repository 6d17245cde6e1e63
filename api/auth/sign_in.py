"""Signs staff in, and lets them prove again who they are. Whatever is wrong, the answer and the work are the same."""

from uuid import UUID

from sqlmodel import Session, select

from api.audit import service as audit
from api.audit.events import Event
from api.audit.service import ANONYMOUS
from api.auth import factors, password_rules, service, staff_sessions
from api.auth.account_models import StaffCredential
from api.auth.models import Staff
from api.auth.principals import SessionPrincipal
from api.auth.problems import OneTimeCodeWrong, SignInRefused
from api.auth.tools import Tools
from api.core.db import reading, transaction
from schemas.staff import PasswordChange, StaffSignIn


def sign_in(tools: Tools, wanted: StaffSignIn, replaced: str | None) -> str:
    """Return the secret of a new session; `replaced` is the one that this browser had before."""
    with reading(tools.engine) as session:
        staff = service.find_staff(session, wanted.email)
        credential = session.get(StaffCredential, staff.id) if staff else None
    known = credential.password_hash if credential else None
    right = tools.passwords.matches(wanted.password, known)  # outside any transaction: it takes long
    with transaction(tools.engine) as session:
        usable = _usable(session, credential.staff_id, known) if credential and right else None
        if usable and factors.use(session, tools.settings, usable, wanted.code):
            staff_sessions.end_replaced(session, replaced)
            return staff_sessions.start(session, usable.staff_id)
        _note_refusal(session, staff.id if staff else None, "code" if usable else "password")
    raise SignInRefused


def step_up(tools: Tools, principal: SessionPrincipal, code: str) -> str:
    """Note that a second factor was shown again; return the session's new secret."""
    with transaction(tools.engine) as session:
        credential = session.get(StaffCredential, principal.staff_id)
        if credential and factors.use(session, tools.settings, credential, code):
            audit.record(session, Event.SESSION_STEPPED_UP, principal.actor, object_id=principal.session.id)
            return staff_sessions.renew(session, principal.session.id)
        _note_refusal(session, principal.staff_id, "code")
    raise OneTimeCodeWrong


def change_password(tools: Tools, principal: SessionPrincipal, wanted: PasswordChange) -> str:
    """Change one's own password and end one's other sessions; return this session's new secret."""
    with reading(tools.engine) as session:
        staff = session.get_one(Staff, principal.staff_id)
        credential = session.get(StaffCredential, principal.staff_id)
        known = credential.password_hash if credential else None
    password_rules.check(wanted.new, staff.email, staff.name)
    right = tools.passwords.matches(wanted.old, known)
    hashed = tools.passwords.hash(wanted.new) if right else ""
    with transaction(tools.engine) as session:
        usable = _usable(session, principal.staff_id, known) if right else None
        if usable:
            usable.password_hash = hashed
            audit.record(session, Event.PASSWORD_CHANGED, principal.actor, object_id=principal.staff_id)
            staff_sessions.end_all(session, principal.staff_id, but=principal.session.id)
            return staff_sessions.renew(session, principal.session.id)
        _note_refusal(session, principal.staff_id, "password")
    raise SignInRefused


def _usable(session: Session, staff_id: UUID, known: str | None) -> StaffCredential | None:
    """Return a person's credential, locked, if it is still the one that was compared and they are not disabled."""
    found = session.exec(
        select(StaffCredential).where(StaffCredential.staff_id == staff_id).with_for_update()
    ).one_or_none()
    staff = session.get_one(Staff, staff_id)
    return found if found and found.password_hash == known and staff.disabled_at is None else None


def _note_refusal(session: Session, staff_id: UUID | None, wrong: str) -> None:
    audit.record(session, Event.SIGN_IN_REFUSED, ANONYMOUS, object_id=staff_id, wrong=wrong)
