"""Takes decisions about texts, and the sign-off of a second person."""

from typing import Any
from uuid import UUID

from sqlmodel import Session

from api.audit import service as audit
from api.audit.events import Event
from api.auth.principals import StaffPrincipal
from api.core import clock, ledger
from api.core.config import Settings
from api.core.ledger import Line
from api.core.problems import NotFound
from api.diary.models import Entry
from api.participants import service as participants
from api.releases.review import queue
from api.releases.review.candidates import candidates, unmistakable
from api.releases.review.locations import place_of, text_at
from api.releases.review.models import TextDecision, TextReview
from api.releases.review.placeholders import Named, label_of
from api.releases.review.problems import (
    CandidatesLeft,
    NothingToSignOff,
    SecondPersonNeeded,
    TextDecidedMeanwhile,
    TextEditedMeanwhile,
)
from api.releases.review.queue import Reviewer
from api.releases.review.reading import contents
from api.releases.review.refresh import look_again
from api.releases.review.spans import require_dealt_with, require_sound
from api.studies.models import Study
from schemas.base import FieldError
from schemas.participant import ParticipantStatus
from schemas.review import ReviewText, SignOff, Span, TextState
from schemas.review import TextDecision as Wanted

DECIDED_AGAIN = "text.decided_again"
_EVENTS = {
    TextState.REVIEWED: Event.TEXT_REVIEWED,
    TextState.WITHHELD: Event.TEXT_WITHHELD,
    TextState.UNREVIEWED: Event.TEXT_REOPENED,
}


def decide(
    session: Session,
    settings: Settings,
    principal: StaffPrincipal,
    study: Study,
    text_id: UUID,
    wanted: Wanted,
) -> ReviewText:
    """Decide about one text as a whole; the same decision again changes nothing."""
    row, text = _locked(session, study, text_id, wanted.version)
    spans = _settled(Reviewer(session, settings, study), row, text, wanted)
    latest = session.get(TextDecision, (row.id, row.decisions))
    if not _is_same(row, latest, wanted, spans, principal.staff_id):
        if wanted.seen != row.decisions:
            raise TextDecidedMeanwhile
        _keep(session, principal, row, wanted, spans)
    session.flush()
    return queue.one(session, settings, study, text_id)


def sign_off(
    session: Session,
    settings: Settings,
    principal: StaffPrincipal,
    study: Study,
    text_id: UUID,
    wanted: SignOff,
) -> ReviewText:
    """Agree, as a second person, that a text may be exported as it was reviewed."""
    row, _ = _locked(session, study, text_id, wanted.version)
    if wanted.seen != row.decisions:
        raise TextDecidedMeanwhile
    latest = session.get_one(TextDecision, (row.id, row.decisions))
    if row.state != TextState.REVIEWED:
        raise NothingToSignOff
    if latest.decided_by == principal.staff_id:
        raise SecondPersonNeeded
    if latest.signed_off_by is None:
        latest.signed_off_by, latest.signed_off_at = principal.staff_id, clock.now()
        audit.record(session, Event.TEXT_SIGNED_OFF, principal.actor, study_id=study.id, object_id=row.id)
        session.flush()
    return queue.one(session, settings, study, text_id)


def _locked(session: Session, study: Study, text_id: UUID, version: int) -> tuple[TextReview, str]:
    """Return a text that stays as it is until this transaction ends, if it still is what was read."""
    row = session.get(TextReview, text_id)
    if row is None or row.study_id != study.id:
        raise NotFound
    standing = participants.lock_statuses(session.connection(), [row.participant_id])
    if standing.get(row.participant_id) != ParticipantStatus.ENROLLED:
        raise NotFound
    row = session.get(TextReview, text_id, populate_existing=True)
    if row is None:
        raise NotFound
    look_again(session, row)
    found = session.get(TextReview, text_id)
    entry = session.get(Entry, found.entry_id) if found else None
    if found is None or entry is None:
        raise NotFound
    held = contents(session, [(entry.id, entry.version), (entry.id, version)])
    text = text_at(held[entry.id, entry.version], place_of(found))
    if (entry.id, version) not in held or text_at(held[entry.id, version], place_of(found)) != text:
        raise TextEditedMeanwhile
    return found, text


def _settled(reviewer: Reviewer, row: TextReview, text: str, wanted: Wanted) -> list[list[Any]]:
    """Check what was marked, and return it with a number for each placeholder; only what is exported has any."""
    if wanted.state != TextState.REVIEWED:
        return []
    if wanted.paraphrase is not None:
        _require_nobody_in(reviewer, wanted.paraphrase)
        return []
    numbers = reviewer.numbers(row.participant_id)
    require_sound(text, wanted.spans, numbers)
    require_dealt_with(unmistakable(candidates(text, reviewer.roster)), wanted.spans)
    spans = sorted(wanted.spans, key=lambda span: span.start)
    replaced = [(span, label) for span in spans if (label := _label(span))]
    settled = numbers.settle(
        [Named(span.kind, text[span.start : span.end], label) for span, label in replaced]
    )
    given = {span.start: number for (span, _), number in zip(replaced, settled, strict=True)}
    return [[span.start, span.end, span.kind.value, given.get(span.start, 0)] for span in spans]


def _label(span: Span) -> str | None:
    return label_of(span.kind, span.placeholder) if span.placeholder else None


def _require_nobody_in(reviewer: Reviewer, paraphrase: str) -> None:
    """Refuse a paraphrase in which a known name or a proven pattern stands."""
    left = unmistakable(candidates(paraphrase, reviewer.roster))
    if left:
        raise CandidatesLeft(
            errors=[
                FieldError(
                    pointer="/paraphrase",
                    code=one.kind.value,
                    message=f"From {one.start} to {one.end}: {one.why}.",
                )
                for one in left[:50]
            ]
        )


def _is_same(
    row: TextReview, latest: TextDecision | None, wanted: Wanted, spans: list[list[Any]], who: UUID
) -> bool:
    """Say whether this is what is in force: a second click, or the same again."""
    if latest is None:
        return wanted.state == TextState.UNREVIEWED and wanted.seen == 0
    if row.state != latest.state or wanted.seen not in {latest.number, latest.number - 1}:
        return False
    if wanted.seen < latest.number and latest.decided_by != who:
        return False
    return (latest.state, latest.spans, latest.paraphrase) == (wanted.state, spans, wanted.paraphrase)


def _keep(
    session: Session, principal: StaffPrincipal, row: TextReview, wanted: Wanted, spans: list[list[Any]]
) -> None:
    """Store a decision; one that takes the place of another is noted, so that no restore brings that back."""
    row.decisions += 1
    row.state = TextState(wanted.state)
    decision = TextDecision(
        text_id=row.id,
        number=row.decisions,
        state=row.state,
        version=row.version,
        spans=spans,
        paraphrase=wanted.paraphrase if row.state == TextState.REVIEWED else None,
        decided_by=principal.staff_id,
    )
    session.add(decision)
    reviewed = row.state == TextState.REVIEWED
    detail = {"replaced": sum(1 for span in spans if span[3])} if reviewed else {}
    audit.record(
        session, _EVENTS[row.state], principal.actor, study_id=row.study_id, object_id=row.id, **detail
    )
    if row.decisions > 1:
        ledger.note(session, DECIDED_AGAIN, {"text_id": row.id, "number": row.decisions})


@ledger.redoes(DECIDED_AGAIN)
def _reopen(session: Session, line: Line) -> bool:
    """Have a text reviewed again whose later decision is lost: the earlier one may have told too much."""
    row = session.get(TextReview, line.id("text_id"))
    if row is None or row.decisions >= int(line.ids["number"]) or row.state != TextState.REVIEWED:
        return False
    row.state = TextState.UNREVIEWED
    return True
