"""What a release would cost, before anything is frozen."""

from typing import Annotated

from pydantic import Field

from schemas.base import Key, Model
from schemas.disclosure import DisclosurePolicy, Tier
from schemas.release import ReleaseCreate


class PreviewAsk(ReleaseCreate):
    """The same body as for a release; with a policy to try out in place of the study's."""

    policy: Annotated[DisclosurePolicy | None, Field(description="Tried, not kept.")] = None


class AttributeCost(Model):
    """What becomes of one quasi-identifier."""

    key: Key
    level: Annotated[int, Field(description="0: as answered; `levels`: hidden.")]
    levels: int
    level_name: Annotated[str, Field(examples=["as answered", "level 1 of 3", "hidden"])]
    labels: Annotated[list[str], Field(description="What people are called at that level, 20 at most.")]
    loss: Annotated[
        float, Field(description="Mean over people of (leaves under the value - 1) / (leaves - 1).")
    ]


class SensitiveCost(Model):
    """What is reached for one sensitive attribute."""

    key: Key
    l: Annotated[int, Field(description="Different answers in every class: asked.")]  # noqa: E741 - its name
    l_reached: int
    t: float | None
    t_reached: float


class Cost(Model):
    """What a release with one policy would tell and hide; only `refusal` if there would be none."""

    refusal: Annotated[str | None, Field(description="Why there would be none, and what would help.")] = None
    k_reached: int | None = None
    quasi_identifiers_shown: Annotated[
        bool, Field(description="No: with fewer than 2k people nothing is told of them.")
    ] = False
    attributes: list[AttributeCost] = Field(default_factory=list)
    sensitive: list[SensitiveCost] = Field(default_factory=list)
    people_left_out: Annotated[
        int, Field(description="People who share and would wait for a later release: the ledger gate.")
    ] = 0
    people_suppressed: Annotated[int, Field(description="People of whom every attribute is hidden.")] = 0
    people_recoded: Annotated[int, Field(description="People shown more coarsely than the others.")] = 0
    cells_suppressed: int = 0
    class_sizes: Annotated[list[int], Field(description="People per description, smallest first.")] = Field(
        default_factory=list
    )


class Alternative(Model):
    """The same without one quasi-identifier."""

    left_out: Key
    cost: Cost


class ReleasePreview(Model):
    """What a release would cost if it were made now."""

    tier: Tier
    k: int
    participants: Annotated[int, Field(description="People who share their entries.")]
    cost: Cost
    alternatives: Annotated[
        list[Alternative], Field(description="The three that lose most, left out in turn.")
    ]
    notes: Annotated[list[str], Field(description="What this preview leaves out.")]
