"""Agreements under which safeguarded releases are given."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from schemas.base import Day, Model, ShortText

Words = Annotated[ShortText, Field(min_length=1)]


class AgreementCreate(Model):
    """An agreement with a recipient, for one purpose; days are the study's own."""

    recipient: Annotated[Words, Field(examples=["Dr A. Researcher"])]
    organisation: Annotated[Words, Field(examples=["University of Example"])]
    purpose: Annotated[Words, Field(examples=["Analysis of decision themes, 2026"])]
    reference: Annotated[
        Words, Field(description="Where the signed agreement is found.", examples=["DSA-17"])
    ]
    valid_from: Annotated[Day, Field(description="First day on which releases may be made for it.")]
    ends_on: Annotated[Day, Field(description="Last such day.")]


class AgreementView(Model):
    """An agreement as it was recorded, and whether it is in force today."""

    id: UUID
    recipient: str
    organisation: str
    purpose: str
    reference: str
    valid_from: date
    ends_on: date
    recorded_at: datetime
    ended_at: Annotated[datetime | None, Field(description="When it was ended before its last day.")]
    in_force: bool
