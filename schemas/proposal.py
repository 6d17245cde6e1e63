"""A first field map, made by likeness from one submission, for a person to confirm."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from schemas.base import Key, Model
from schemas.source import FieldMap


class Likeness(StrEnum):
    """Why an answer and a question were brought together."""

    SAME_KEY = "same_key"
    SAME_LABEL = "same_label"
    SIMILAR_LABEL = "similar_label"


class Match(Model):
    """How sure one row of the map is: rows and matches stand in the same order."""

    answer_key: str
    question: Key
    likeness: Likeness
    confidence: Annotated[float, Field(ge=0, le=1)]
    unknown_options: Annotated[
        list[str], Field(description="Options of the answer that are none of the question's.")
    ]


class Proposal(Model):
    """A map to look through before it is used; nothing of it is in force."""

    field_map: FieldMap
    matches: list[Match]
    answers_without_question: list[str]
    questions_without_answer: list[Key]
    required_without_answer: list[Key]
