"""What a study's releases may tell of people: the words that a policy is made of."""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field, StrictBool, StrictFloat, StrictInt

from schemas.base import Key, Model

LOWEST_K = 3
Dates = Literal["week", "week_and_weekday", "phase"]
PhaseWeeks = Annotated[StrictInt, Field(ge=4, le=104, description="Weeks of a study phase.")]


class Tier(StrEnum):
    """Whom a release is for."""

    SAFEGUARDED = "safeguarded"
    OPEN = "open"

    @property
    def own_k(self) -> int:
        """Return the k below which a policy must give its reason in writing."""
        return 5 if self is Tier.SAFEGUARDED else 10


class SensitiveAttribute(Model):
    """A question whose answers must differ among people who share a description."""

    key: Key
    l: Annotated[  # noqa: E741 - its name wherever it is defined
        StrictInt, Field(ge=2, le=20, description="Different answers in every class, at least.")
    ] = 2
    t: Annotated[
        StrictFloat | None,
        Field(gt=0, le=1, description="How far a class's answers may be from everybody's, at most."),
    ] = None
    ordered: Annotated[StrictBool, Field(description="The options are in order, as on a scale.")] = False
