"""The names, organisations and places that a study knows of; and the roster that they make with its participants."""

from uuid import UUID

from sqlmodel import Session, col, func, select

from api.audit import service as audit
from api.audit.events import Event
from api.audit.service import Actor
from api.core.config import Settings
from api.core.problems import Invalid, NotFound
from api.participants import contacts
from api.releases.review.folding import fold
from api.releases.review.models import ReviewTerm
from api.releases.review.problems import TooManyTerms
from api.releases.review.roster import Roster
from schemas.base import FieldError
from schemas.review import Kind, TermCreate, TermPage, TermView

MOST = 5_000


def page(session: Session, study_id: UUID, after: UUID | None, limit: int) -> TermPage:
    """List a study's terms, oldest first."""
    query = select(ReviewTerm).where(ReviewTerm.study_id == study_id).order_by(col(ReviewTerm.id))
    if after:
        query = query.where(col(ReviewTerm.id) > after)
    rows = session.exec(query.limit(limit + 1)).all()
    views = [TermView.model_validate(row, from_attributes=True) for row in rows[:limit]]
    return TermPage(terms=views, next=str(rows[limit - 1].id) if len(rows) > limit else None)


def add(session: Session, actor: Actor, study_id: UUID, wanted: TermCreate) -> TermView:
    """Know a term from now on; one that is known already stays as it is."""
    text = " ".join(wanted.text.split())
    same = (ReviewTerm.study_id == study_id, ReviewTerm.kind == wanted.kind, ReviewTerm.text == text)
    term = session.exec(select(ReviewTerm).where(*same)).one_or_none()
    if term is None:
        if not any(one.isalnum() for one in fold(text)):
            nothing = FieldError(pointer="/text", code="no_word", message="A name has a letter or a digit.")
            raise Invalid(errors=[nothing])
        count = session.exec(select(func.count(col(ReviewTerm.id))).where(ReviewTerm.study_id == study_id))
        if count.one() >= MOST:
            raise TooManyTerms(f"There is room for {MOST}.")
        term = ReviewTerm(study_id=study_id, kind=wanted.kind, text=text)
        session.add(term)
        session.flush()
        audit.record(session, Event.REVIEW_TERM_ADDED, actor, study_id=study_id, object_id=term.id)
    return TermView.model_validate(term, from_attributes=True)


def remove(session: Session, actor: Actor, study_id: UUID, term_id: UUID) -> None:
    """Know a term no longer, or raise NotFound."""
    term = session.get(ReviewTerm, term_id)
    if term is None or term.study_id != study_id:
        raise NotFound
    session.delete(term)
    audit.record(session, Event.REVIEW_TERM_REMOVED, actor, study_id=study_id, object_id=term.id)


def roster(session: Session, settings: Settings, study_id: UUID) -> Roster:
    """Return everything that a study knows people, organisations and places by."""
    made = Roster()
    for term in session.exec(select(ReviewTerm).where(ReviewTerm.study_id == study_id)):
        made.know(term.kind, term.text, listed=True)
    for contact in contacts.of_study(session, settings, study_id):
        if contact.email:
            made.know(Kind.EMAIL, contact.email)
        if contact.phone:
            made.know(Kind.PHONE, contact.phone)
        if contact.name:
            made.know_person(contact.name)
    return made
