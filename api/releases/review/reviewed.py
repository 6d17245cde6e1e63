"""What the pipeline asks of the review: the texts that may be exported, and how many there are."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session


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


def reviewed(session: Session, study_id: UUID, entry_ids: Sequence[UUID]) -> Iterator[ReviewedText]:  # noqa: ARG001 - so far nothing is reviewed
    """Yield the texts of some entries that may be exported; the leader's own controls are not looked at here."""
    yield from ()


def counts(session: Session, study_id: UUID) -> ReviewCounts:  # noqa: ARG001 - as above
    """Count a study's texts by where they stand."""
    return ReviewCounts(0, 0, 0, 0, 0, {})
