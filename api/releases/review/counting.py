"""Counts texts by where they stand, and what was replaced in those that are exported."""

from collections import Counter
from uuid import UUID

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, func, select

from api.releases.review.models import ReviewProgress, TextDecision, TextReview
from api.studies import service as studies
from schemas.review import TextState


def by_state(session: Session, study_id: UUID) -> dict[TextState, int]:
    """Count the texts of those who share by where they stand."""
    found = session.exec(
        select(TextReview.state, func.count())
        .join(ReviewProgress, col(ReviewProgress.participant_id) == col(TextReview.participant_id))
        .where(ReviewProgress.study_id == study_id, col(ReviewProgress.sharing))
        .group_by(col(TextReview.state))
    ).all()
    counted: dict[TextState, int] = dict.fromkeys(TextState, 0)
    counted.update((TextState(state), number) for state, number in found)
    if studies.get(session, study_id).second_review:
        unsigned = session.exec(
            select(func.count())
            .select_from(TextReview)
            .join(TextDecision, latest())
            .join(ReviewProgress, col(ReviewProgress.participant_id) == col(TextReview.participant_id))
            .where(
                ReviewProgress.study_id == study_id,
                col(ReviewProgress.sharing),
                TextReview.state == TextState.REVIEWED,
                col(TextDecision.signed_off_by).is_(None),
            )
        ).one()
        counted[TextState.SECOND] = unsigned
        counted[TextState.REVIEWED] -= unsigned
    return counted


def replaced(session: Session, study_id: UUID) -> Counter[str]:
    """Count the pieces that are replaced in exported texts, by kind."""
    query = (
        select(TextDecision.spans)
        .join(TextReview, latest())
        .join(ReviewProgress, col(ReviewProgress.participant_id) == col(TextReview.participant_id))
        .where(
            ReviewProgress.study_id == study_id,
            col(ReviewProgress.sharing),
            TextReview.state == TextState.REVIEWED,
        )
    )
    if studies.get(session, study_id).second_review:
        query = query.where(col(TextDecision.signed_off_by).is_not(None))
    counted: Counter[str] = Counter()
    for spans in session.exec(query.execution_options(yield_per=500)):
        counted.update(kind for _, _, kind, number in spans if number)
    return counted


def latest() -> ColumnElement[bool]:
    """Join a text with the latest decision about it."""
    return (col(TextDecision.text_id) == col(TextReview.id)) & (
        col(TextDecision.number) == col(TextReview.decisions)
    )
