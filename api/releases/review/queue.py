"""Shows texts to a reviewer: what waits, what was found in each, and what was decided."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, func, select

from api.core.config import Settings
from api.core.problems import NotFound
from api.diary.models import Entry
from api.releases.review.candidates import candidates
from api.releases.review.counting import by_state, latest
from api.releases.review.locations import place_of, text_at
from api.releases.review.models import ReviewProgress, TextDecision, TextReview
from api.releases.review.placeholders import Numbers, written
from api.releases.review.reading import contents
from api.releases.review.roster import Roster
from api.releases.review.terms import roster
from api.studies.models import Study
from schemas.review import DecisionView, Kind, ReviewQueue, ReviewText, Span, Suggestion, TextState

REMINDER = (
    "Descriptions identify too: “the only female vice-chancellor in the region” names somebody without a name. "
    "Marks are suggestions; read the whole text before you decide."
)


class Reviewer:
    """Makes the views of one request: what a study knows is read once."""

    def __init__(self, session: Session, settings: Settings, study: Study) -> None:
        self._session, self._settings, self._study = session, settings, study
        self._roster: Roster | None = None
        self._numbers: dict[UUID, Numbers] = {}

    @property
    def roster(self) -> Roster:
        """Return what the study knows."""
        self._roster = self._roster or roster(self._session, self._settings, self._study.id)
        return self._roster

    def numbers(self, participant_id: UUID) -> Numbers:
        """Return the numbers that names have in a participant's texts."""
        if participant_id not in self._numbers:
            self._numbers[participant_id] = Numbers(
                self._session, self._settings, self._study.id, participant_id
            )
        return self._numbers[participant_id]

    def views(self, found: Sequence[tuple[TextReview, Entry]], first: int | None) -> list[ReviewText]:
        """Show texts as they stand now; the first has this place in the queue."""
        held = contents(self._session, ((entry.id, entry.version) for _, entry in found))
        held |= contents(self._session, ((entry.id, row.version) for row, entry in found))
        decided = _decisions(self._session, [row.id for row, _ in found])
        made = []
        for number, (row, entry) in enumerate(found):
            text = text_at(held[entry.id, entry.version], place_of(row))
            same = text == text_at(held[entry.id, row.version], place_of(row))
            made.append(
                ReviewText(
                    **row.model_dump(
                        include={"id", "participant_id", "entry_id", "question", "item", "part"}
                    ),
                    state=self._state(row, decided.get(row.id, []), same=same),
                    position=None if first is None else first + number,
                    version=entry.version,
                    kind=entry.kind,
                    quotable=entry.quotable,
                    text=text,
                    suggested=self._suggested(row.participant_id, text),
                    decisions=decided.get(row.id, []),
                )
            )
        return made

    def _state(self, row: TextReview, decided: Sequence[DecisionView], *, same: bool) -> TextState:
        if not same and row.state in {TextState.REVIEWED, TextState.WITHHELD}:
            return TextState.EDITED
        unsigned = row.state == TextState.REVIEWED and decided[-1].signed_off_by is None
        return TextState.SECOND if unsigned and self._study.second_review else row.state

    def _suggested(self, participant_id: UUID, text: str) -> list[Suggestion]:
        found = candidates(text, self.roster)
        placeholders = self.numbers(participant_id).suggest(
            (one.kind, text[one.start : one.end]) for one in found
        )
        return [
            Suggestion(
                start=one.start,
                end=one.end,
                kind=one.kind,
                placeholder=placeholder,
                layer=one.layer,
                why=one.why,
            )
            for one, placeholder in zip(found, placeholders, strict=True)
        ]


def page(
    session: Session, settings: Settings, study: Study, state: TextState, after: UUID | None, limit: int
) -> ReviewQueue:
    """Show a page of the texts that stand in one state, in the order in which they came."""
    standing = _standing(study, state)
    query = (
        select(TextReview, Entry)
        .join(Entry, col(Entry.id) == col(TextReview.entry_id))
        .join(ReviewProgress, col(ReviewProgress.participant_id) == col(TextReview.participant_id))
        .where(*standing, col(ReviewProgress.sharing), col(Entry.keep_out).is_(False))
        .where(col(Entry.version) == col(TextReview.version))  # others are looked through in a moment
        .order_by(col(TextReview.id))
        .limit(limit + 1)
    )
    if state in {TextState.SECOND, TextState.REVIEWED}:
        query = query.join(TextDecision, latest())
    rows = session.exec(query.where(col(TextReview.id) > after) if after else query).all()
    shown = [(row, entry) for row, entry in rows[:limit]]
    first = 1 + _before(session, standing, state, shown[0][0].id) if shown else 1
    return ReviewQueue(
        texts=Reviewer(session, settings, study).views(shown, first),
        next=str(shown[-1][0].id) if len(rows) > limit else None,
        counts=by_state(session, study.id),
        second_review=study.second_review,
        reminder=REMINDER,
    )


def one(session: Session, settings: Settings, study: Study, text_id: UUID) -> ReviewText:
    """Show one text of a study, or raise NotFound."""
    found = session.exec(
        select(TextReview, Entry)
        .join(Entry, col(Entry.id) == col(TextReview.entry_id))
        .join(ReviewProgress, col(ReviewProgress.participant_id) == col(TextReview.participant_id))
        .where(
            TextReview.id == text_id,
            TextReview.study_id == study.id,
            col(ReviewProgress.sharing),
            col(Entry.keep_out).is_(False),
        )
    ).one_or_none()
    if found is None:
        raise NotFound
    (view,) = Reviewer(session, settings, study).views([(found[0], found[1])], None)
    if not view.text:
        raise NotFound
    return view


def _standing(study: Study, state: TextState) -> list[ColumnElement[bool]]:
    """Return what a text must be to stand in a state; `second` needs the latest decision joined."""
    mine = col(TextReview.study_id) == study.id
    if state not in {TextState.SECOND, TextState.REVIEWED}:
        return [mine, col(TextReview.state) == state]
    found = [mine, col(TextReview.state) == TextState.REVIEWED]
    if study.second_review:
        signed = col(TextDecision.signed_off_by).is_not(None)
        found.append(signed if state == TextState.REVIEWED else ~signed)
    elif state == TextState.SECOND:
        found.append(col(TextReview.id).is_(None))
    return found


def _before(
    session: Session, standing: Iterable[ColumnElement[bool]], state: TextState, text_id: UUID
) -> int:
    query = select(func.count()).select_from(TextReview).where(*standing, col(TextReview.id) < text_id)
    if state in {TextState.SECOND, TextState.REVIEWED}:
        query = query.join(TextDecision, latest())
    return session.exec(query).one()


def _decisions(session: Session, text_ids: Sequence[UUID]) -> dict[UUID, list[DecisionView]]:
    query = select(TextDecision).where(col(TextDecision.text_id).in_(text_ids))
    found: dict[UUID, list[DecisionView]] = {}
    for row in session.exec(query.order_by(col(TextDecision.number))):
        found.setdefault(row.text_id, []).append(_decision(row))
    return found


def _decision(row: TextDecision) -> DecisionView:
    return DecisionView(
        number=row.number,
        state=row.state,
        version=row.version,
        spans=[_span(*span) for span in row.spans],
        paraphrase=row.paraphrase,
        by=row.decided_by,
        at=row.decided_at,
        signed_off_by=row.signed_off_by,
        signed_off_at=row.signed_off_at,
    )


def _span(start: int, end: int, kind: str, number: int) -> Span:
    placeholder: Any = written(Kind(kind), number) if number else None
    return Span(start=start, end=end, kind=Kind(kind), placeholder=placeholder)
