"""The tables of the review of texts. The texts themselves stay where they are: in the revisions of entries."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, BigInteger, Column, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from api.core import clock
from api.core.db import enum_type
from api.core.ids import new_id
from schemas.review import Kind, TextState


class TextReview(SQLModel, table=True):
    """Where one text of an entry stands. `version` is the entry's version up to which that is known.

    `decisions` counts the decisions about it; the latest is in force unless the text was edited since.
    It goes when its entry goes.
    """

    __tablename__ = "text_review"
    __table_args__ = (
        UniqueConstraint("entry_id", "question", "item", "part"),
        Index("ix_text_review_study_state", "study_id", "state", "id"),
        Index("ix_text_review_participant_state", "participant_id", "state"),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    study_id: UUID = Field(foreign_key="study.id")
    participant_id: UUID = Field(foreign_key="participant.id")
    entry_id: UUID = Field(foreign_key="entry.id", ondelete="CASCADE")
    version: int
    question: str = Field(max_length=63)
    item: int
    part: str = Field(max_length=63)
    state: TextState = Field(default=TextState.UNREVIEWED, sa_type=enum_type(TextState))
    decisions: int = 0


class TextDecision(SQLModel, table=True):
    """What a person decided about a text; never changed, save that a second person signs it off.

    `spans` holds [start, end, kind, number], number 0 where a piece was cleared.
    """

    __tablename__ = "text_decision"

    text_id: UUID = Field(foreign_key="text_review.id", primary_key=True, ondelete="CASCADE")
    number: int = Field(primary_key=True)
    state: TextState = Field(sa_type=enum_type(TextState))
    version: int
    spans: list[list[Any]] = Field(sa_column=Column(JSON, nullable=False))
    paraphrase: str | None = None
    decided_by: UUID = Field(foreign_key="staff.id")
    decided_at: datetime = Field(default_factory=clock.now)
    signed_off_by: UUID | None = Field(default=None, foreign_key="staff.id")
    signed_off_at: datetime | None = None


class TextPlaceholder(SQLModel, table=True):
    """Which number a name has in the texts of one participant; the name itself only as a keyed hash."""

    __tablename__ = "text_placeholder"

    participant_id: UUID = Field(foreign_key="participant.id", primary_key=True)
    kind: Kind = Field(primary_key=True, sa_type=enum_type(Kind))
    name_hash: str = Field(max_length=64, primary_key=True)
    number: int


class ReviewProgress(SQLModel, table=True):
    """Up to which change a participant's entries were looked through for texts, and whether they share."""

    __tablename__ = "review_progress"

    participant_id: UUID = Field(foreign_key="participant.id", primary_key=True)
    study_id: UUID = Field(foreign_key="study.id", index=True)
    change_seq: int = Field(default=0, sa_type=BigInteger)
    sharing: bool = True


class ReviewTerm(SQLModel, table=True):
    """A name, an organisation or a place that a study knows of."""

    __tablename__ = "review_term"
    __table_args__ = (UniqueConstraint("study_id", "kind", "text"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    study_id: UUID = Field(foreign_key="study.id", index=True)
    kind: Kind = Field(sa_type=enum_type(Kind))
    text: str = Field(max_length=200)
    added_at: datetime = Field(default_factory=clock.now)
