"""Instrument versions as lists show them."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from schemas.base import FieldError, Labels, Model
from schemas.instrument_diff import QuestionChange


class InstrumentVersionView(Model):
    """One version of an instrument, without its questions."""

    key: str
    version: int
    status: Literal["draft", "published", "retired"]
    title: Labels
    kinds: list[str]
    definition_hash: str
    published_at: datetime | None


Changes = Annotated[
    list[QuestionChange],
    Field(description="How each question stands to the version published before."),
]


class PublishedVersionView(InstrumentVersionView):
    """A version that was published, and what changed with it."""

    changes: Changes


class ImportedVersionView(InstrumentVersionView):
    """A draft made from a workbook, what would change with it, and what its author should know."""

    changes: Changes
    warnings: Annotated[
        list[FieldError],
        Field(description="What was taken otherwise than the author may expect, with sheet, row and column."),
    ]
