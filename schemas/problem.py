"""The one shape of every refusal (RFC 9457)."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from schemas.base import FieldError


class ProblemBody(BaseModel):
    """A refusal: what went wrong, in a sentence, and which fields are concerned."""

    model_config = ConfigDict(extra="allow")

    type: Annotated[str, Field(examples=["urn:daybook:problem:invalid"])]
    title: Annotated[str, Field(examples=["Some answers need your attention."])]
    status: Annotated[int, Field(examples=[422])]
    detail: str | None = None
    errors: list[FieldError] | None = None
    request_id: str | None = None
