"""What a study's releases may tell of people: the words that a policy is made of."""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field, StrictBool, StrictFloat, StrictInt, StringConstraints

from schemas.base import Key, Model

LOWEST_K, HIGHEST_K = 3, 100
HIGHEST_SUPPRESSION = 0.2
K = Annotated[
    StrictInt,
    Field(ge=LOWEST_K, le=HIGHEST_K, description="Smallest number of people who share a description."),
]
Reason = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=20, max_length=1_000, pattern=r"^[^\x00]*$"),
]
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

    @property
    def dates(self) -> tuple[Dates, ...]:
        """Return how exactly this tier may tell dates, its own way first."""
        return ("week", "week_and_weekday") if self is Tier.SAFEGUARDED else ("phase",)


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


class DisclosurePolicy(Model):
    """What a study's releases of one tier tell of people; replaced as a whole."""

    quasi_identifiers: Annotated[
        list[Key],
        Field(max_length=8, description="Profile questions of class generalise with options; few, if any."),
    ]
    k: K
    k_reason: Annotated[
        Reason | None,
        Field(description="Why k is below the tier's own (5 safeguarded, 10 open); every release prints it."),
    ] = None
    sensitive: Annotated[list[SensitiveAttribute], Field(max_length=8)] = Field(default_factory=list)
    suppression_limit: Annotated[
        StrictFloat,
        Field(
            ge=0,
            le=HIGHEST_SUPPRESSION,
            description="Share of people whose description may be hidden, at most.",
        ),
    ] = 0.05
    dates: Annotated[
        Dates,
        Field(description="Of the tier safeguarded: week or week_and_weekday; of the tier open: phase."),
    ]
    phase_weeks: PhaseWeeks = 13


class HierarchySource(StrEnum):
    """Where the generalisations of an attribute come from."""

    INSTRUMENT = "instrument"
    UPLOADED = "uploaded"


class HierarchyView(Model):
    """How one attribute is generalised; the table itself is at its own address, as CSV."""

    attribute: Key
    source: HierarchySource
    values: Annotated[int, Field(description="Values that it covers.")]
    levels: Annotated[int, Field(description="Columns of the table: the value itself, and * at the end.")]
