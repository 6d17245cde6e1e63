"""What a withdrawal erases of the review of texts, and what a participant is told of it."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from sqlalchemy import delete
from sqlmodel import Session, col, select

from api.core.db import columns_of
from api.participants.telling import Asked, tells
from api.participants.withdrawal import erases
from api.releases.review.models import ReviewProgress, TextDecision, TextPlaceholder, TextReview

_STAFFS_OWN = {"text_id", "decided_by", "signed_off_by"}


@erases
def _erase(session: Session, participant_id: UUID) -> dict[str, int]:
    """Erase reviews (their decisions go with them), placeholders and how far the entries were looked through."""
    # Where the entries went first, their reviews went with them: an index finds none.
    for table in (TextReview, TextPlaceholder, ReviewProgress):
        session.execute(delete(table).where(col(table.participant_id) == participant_id))
    return {}


@tells("text_reviews")
def _tell_reviews(asked: Asked) -> Iterator[dict[str, Any]]:
    """Tell every text that was to be reviewed, once for each decision; not which member of staff took it."""
    rows = asked.session.exec(
        select(TextReview, TextDecision)
        .join(TextDecision, col(TextDecision.text_id) == col(TextReview.id), isouter=True)
        .where(TextReview.participant_id == asked.participant_id)
        .order_by(col(TextReview.id), col(TextDecision.number))
        .execution_options(yield_per=200)
    )
    for text, decision in rows:
        told: Any = columns_of(decision, but=_STAFFS_OWN) if decision else None
        yield columns_of(text, but={"participant_id", "study_id"}) | {"decision": told}


@tells("text_placeholders")
def _tell_placeholders(asked: Asked) -> Iterator[dict[str, Any]]:
    """Tell how many names were replaced, by kind and number; the names themselves are not stored."""
    mine = select(TextPlaceholder).where(TextPlaceholder.participant_id == asked.participant_id)
    for row in asked.session.exec(mine.order_by(col(TextPlaceholder.kind), col(TextPlaceholder.number))):
        yield columns_of(row, but={"participant_id", "name_hash"})


@tells("text_review_progress")
def _tell_progress(asked: Asked) -> Iterator[dict[str, Any]]:
    row = asked.session.get(ReviewProgress, asked.participant_id)
    if row is not None:
        yield columns_of(row, but={"participant_id", "study_id"})
