"""Records agreements, ends them, and says which of them a release is given under."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from api.audit import service as audit
from api.audit.events import Event
from api.audit.service import Actor
from api.core import clock, ledger
from api.core.ledger import Line
from api.core.problems import Invalid, NotFound
from api.releases.agreements.models import Agreement
from api.releases.gate.held import folded
from api.releases.models import Release
from api.releases.problems import AgreementNeeded, AgreementOver
from api.studies import service as studies
from api.studies.models import Study
from schemas.agreement import AgreementCreate, AgreementView
from schemas.base import FieldError
from schemas.disclosure import Tier


def listing(session: Session, study: Study) -> list[AgreementView]:
    """List a study's agreements, oldest first."""
    return [_view(study, one) for one in _of_study(session, study.id)]


def record(session: Session, actor: Actor, study: Study, wanted: AgreementCreate) -> AgreementView:
    """Record an agreement; the same recorded again is that one. From the first on, safeguarded releases need one."""
    if wanted.ends_on < wanted.valid_from:
        message = "It would end before it begins."
        raise Invalid(errors=[FieldError(pointer="/ends_on", code="before", message=message)])
    studies.lock(session, study.id)
    for one in _of_study(session, study.id):
        if one.ended_at is None and one.model_dump(include=set(AgreementCreate.model_fields)) == dict(wanted):
            return _view(study, one)
    made = Agreement(study_id=study.id, recorded_by=actor.id, **wanted.model_dump())
    session.add(made)
    session.flush()
    audit.record(session, Event.AGREEMENT_RECORDED, actor, study_id=study.id, object_id=made.id)
    return _view(study, made)


def end(session: Session, actor: Actor, study: Study, agreement_id: UUID) -> AgreementView:
    """End an agreement at once: no release is made for it or given under it any more."""
    found = session.get(Agreement, agreement_id, with_for_update=True)
    if found is None or found.study_id != study.id:
        raise NotFound
    if found.ended_at is None:
        found.ended_at = clock.now()
        audit.record(session, Event.AGREEMENT_ENDED, actor, study_id=study.id, object_id=found.id)
        ledger.note(session, Event.AGREEMENT_ENDED, {"agreement_id": found.id})
    return _view(study, found)


def under(session: Session, study: Study, tier: str, recipient: str, purpose: str) -> AgreementView | None:
    """Return the agreement that a release is made for or given under, or raise AgreementNeeded or AgreementOver.

    Open releases need none. Nor do those of a study that has recorded none at all, such as one that is tried out.
    """
    recorded = _of_study(session, study.id)
    if tier == Tier.OPEN or not recorded:
        return None
    mine = _with(recorded, recipient, purpose)
    if not mine:
        raise AgreementNeeded
    found = next((one for one in reversed(mine) if _in_force(study, one, clock.now())), None)
    if found is None:
        raise AgreementOver(_why(study, mine[-1]))
    return _view(study, found)


def of_release(session: Session, release: Release) -> AgreementView | None:
    """Return the agreement that a release is given under now, or raise AgreementNeeded or AgreementOver."""
    study = studies.get(session, release.study_id)
    return under(session, study, release.tier, release.recipient, release.purpose)


def when_published(session: Session, release: Release) -> AgreementView | None:
    """Return the agreement that was in force when a release was published; None where there was none."""
    if release.tier == Tier.OPEN or release.published_at is None:
        return None
    study, at = studies.get(session, release.study_id), release.published_at
    known_then = [one for one in _of_study(session, study.id) if one.recorded_at <= at]
    mine = _with(known_then, release.recipient, release.purpose)
    return next((_view(study, one) for one in reversed(mine) if _in_force(study, one, at)), None)


def _of_study(session: Session, study_id: UUID) -> Sequence[Agreement]:
    mine = select(Agreement).where(Agreement.study_id == study_id)
    return session.exec(mine.order_by(col(Agreement.id))).all()


def _with(recorded: Sequence[Agreement], recipient: str, purpose: str) -> list[Agreement]:
    wanted = (folded(recipient), folded(purpose))
    return [one for one in recorded if (folded(one.recipient), folded(one.purpose)) == wanted]


def _in_force(study: Study, one: Agreement, at: datetime) -> bool:
    ended = one.ended_at is not None and one.ended_at <= at
    return not ended and one.valid_from <= _day(study, at) <= one.ends_on


def _day(study: Study, at: datetime) -> date:
    return at.astimezone(ZoneInfo(study.time_zone)).date()


def _why(study: Study, one: Agreement) -> str:
    if one.ended_at is not None:
        return "It was ended."
    if _day(study, clock.now()) < one.valid_from:
        return f"It begins on {one.valid_from}."
    return f"It ended on {one.ends_on}."


def _view(study: Study, one: Agreement) -> AgreementView:
    columns = one.model_dump(include=set(AgreementView.model_fields) - {"in_force"})
    return AgreementView(**columns, in_force=_in_force(study, one, clock.now()))


@ledger.redoes(Event.AGREEMENT_ENDED)
def _end_again(session: Session, line: Line) -> bool:
    found = session.get(Agreement, line.id("agreement_id"))
    if found is None or found.ended_at is not None:
        return False
    found.ended_at = line.at
    return True
