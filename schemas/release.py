"""De-identified releases."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import Field, StrictBool, StrictInt

from schemas.base import Instant, Key, Model, ShortText
from schemas.disclosure import HIGHEST_K, LOWEST_K, Reason, Tier


class ReleaseStatus(StrEnum):
    """Where a release stands."""

    QUEUED = "queued"
    BUILDING = "building"
    PUBLISHED = "published"
    REFUSED = "refused"
    FAILED = "failed"


class ReleaseCreate(Model):
    """A release to make; what is left out comes from the study's disclosure policy for the tier."""

    tier: Tier = Tier.SAFEGUARDED
    cutoff: Annotated[Instant | None, Field(description="Entries received up to here; now if left out.")] = (
        None
    )
    quasi_identifiers: Annotated[
        list[Key] | None,
        Field(max_length=8, description="Instead of the policy's; none: nothing is told of people."),
    ] = None
    k: Annotated[
        StrictInt | None, Field(ge=LOWEST_K, le=HIGHEST_K, description="The policy's k or more.")
    ] = None
    recipient: Annotated[
        ShortText | None,
        Field(
            min_length=1,
            description="Needed in the tier safeguarded.",
            examples=["Dr A. Researcher, University of Example"],
        ),
    ] = None
    purpose: Annotated[
        ShortText | None,
        Field(
            min_length=1,
            description="Needed in the tier safeguarded.",
            examples=["Analysis of decision themes, 2026"],
        ),
    ] = None
    fit_earlier: Annotated[
        StrictBool,
        Field(
            description="Where an earlier release stands in the way: describe people as coarsely, and leave as few "
            "people out, as it takes."
        ),
    ] = False
    not_compared_reason: Annotated[
        Reason | None,
        Field(
            description="Why it may be made although an earlier release, whose record was lost, cannot be compared "
            "with it; the release prints it."
        ),
    ] = None


class ReleaseFileView(Model):
    """One file of a release."""

    name: str
    bytes: int
    sha256: str
    rows: Annotated[int | None, Field(description="Data rows, where the file is a table.")] = None


class ReleaseView(Model):
    """A release: immutable once published."""

    id: UUID
    number: int
    status: ReleaseStatus
    tier: str
    recipient: str
    purpose: str
    cutoff: datetime
    requested_at: datetime
    published_at: datetime | None
    ahead: Annotated[
        int, Field(description="Releases of this study that are made before it, while it is queued.")
    ] = 0
    progress: Annotated[int, Field(description="Entries written so far, while it is being built.")]
    refusal: Annotated[str | None, Field(description="Why it was refused, and what would make it possible.")]
    files: list[ReleaseFileView]
