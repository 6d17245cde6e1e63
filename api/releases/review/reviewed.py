"""What the pipeline asks of the review: the texts that may be exported, and how many there are.

Whoever freezes a release calls `refresh.before_release` first, so that edits are known: without it, the texts of an
edited entry are withheld until the chore has looked through it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session, col, select
from sqlmodel.sql.expression import Select

from api.core import plain
from api.diary.models import Entry
from api.releases.review.counting import by_state, latest, replaced
from api.releases.review.locations import place_of, text_at
from api.releases.review.models import TextDecision, TextReview
from api.releases.review.reading import contents
from api.releases.review.spans import redacted
from api.studies import service as studies
from schemas.review import TextState

_AT_ONCE = 400


@dataclass(frozen=True)
class ReviewedText:
    """One text as a person cleared it, redacted or paraphrased; its place is that of the answer.

    `version` is the version of the entry in which the text stands: who exports an earlier version must not use it.
    `item` is the index in a repeat, or -1; `part` is the question inside the repeat, or "".
    """

    entry_id: UUID
    version: int
    question: str
    item: int
    part: str
    text: str
    paraphrase: bool


@dataclass(frozen=True)
class ReviewCounts:
    """How many texts stand where, and how many pieces of exported texts were replaced, by kind."""

    reviewed: int
    second: int
    withheld: int
    unreviewed: int
    edited: int
    redacted: Mapping[str, int]


def reviewed(session: Session, study_id: UUID, entry_ids: Sequence[UUID]) -> Iterator[ReviewedText]:
    """Yield the texts of some entries that may be exported; the leader's own controls are not looked at here."""
    for start in range(0, len(entry_ids), _AT_ONCE):
        rows = session.exec(_exportable(session, study_id, entry_ids[start : start + _AT_ONCE])).all()
        held = contents(session, ((row.entry_id, row.version) for row, _ in rows))
        for row, decision in rows:
            text = redacted(text_at(held[row.entry_id, row.version], place_of(row)), decision.spans)
            yield ReviewedText(
                entry_id=row.entry_id,
                version=row.version,
                question=row.question,
                item=row.item,
                part=row.part,
                text=text if decision.paraphrase is None else decision.paraphrase,
                paraphrase=decision.paraphrase is not None,
            )


def entries_reviewed(session: Session, study_id: UUID) -> Sequence[str]:
    """Return which entries have a reviewed text, current or not, as the hex digits of their ids."""
    found = select(plain.hex_of(session, col(TextReview.entry_id))).distinct()
    mine = TextReview.study_id == study_id, TextReview.state == TextState.REVIEWED
    return session.exec(found.where(*mine)).all()


def counts(session: Session, study_id: UUID) -> ReviewCounts:
    """Count a study's texts by where they stand."""
    states = by_state(session, study_id)
    return ReviewCounts(
        **{state.value: number for state, number in states.items()}, redacted=replaced(session, study_id)
    )


def _exportable(
    session: Session, study_id: UUID, entry_ids: Sequence[UUID]
) -> Select[TextReview, TextDecision]:
    """Ask for texts that were reviewed as they stand in the entry's current version, by a second person if need be."""
    query = (
        select(TextReview, TextDecision)
        .join(TextDecision, latest())
        .join(Entry, col(Entry.id) == col(TextReview.entry_id))
        .where(
            col(TextReview.entry_id).in_(entry_ids),
            TextReview.study_id == study_id,
            TextReview.state == TextState.REVIEWED,
            TextDecision.state == TextState.REVIEWED,
            col(Entry.version) == col(TextReview.version),
        )
        .order_by(
            *(
                col(one)
                for one in (TextReview.entry_id, TextReview.question, TextReview.item, TextReview.part)
            )
        )
    )
    if studies.get(session, study_id).second_review:
        query = query.where(col(TextDecision.signed_off_by).is_not(None))
    return query
