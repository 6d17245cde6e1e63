"""What a release may hold: resolved once when it is asked for, then frozen with it."""

from collections.abc import Mapping
from typing import Annotated

from pydantic import Field, JsonValue

from api.releases.sdc.hierarchy import Hierarchy
from schemas.base import Key, Model
from schemas.disclosure import LOWEST_K, Dates, SensitiveAttribute, Tier


class QuasiIdentifier(Model):
    """A profile attribute that a release shows generalised, and each value's ancestors."""

    key: Key
    ancestors: dict[str, list[str]]

    def hierarchy(self) -> Hierarchy:
        """Return the hierarchy by which the attribute is generalised."""
        return Hierarchy.from_ancestors(self.key, self.ancestors)


class SensitiveQuestion(SensitiveAttribute):
    """A sensitive attribute, and every answer that a release could write, in the questionnaire's order."""

    values: list[str] = Field(default_factory=list)


class Policy(Model):
    """How one release is made; what has a default was not asked of the first releases."""

    tier: Tier = Tier.SAFEGUARDED
    quasi_identifiers: list[QuasiIdentifier]
    k: Annotated[int, Field(ge=LOWEST_K)]
    k_reason: str | None = None
    suppression_limit: float
    sensitive: list[SensitiveQuestion] = Field(default_factory=list)
    dates: Dates = "week"
    phase_weeks: int = 13

    @property
    def keys(self) -> list[str]:
        """Return the profile attributes that a release shows generalised."""
        return [one.key for one in self.quasi_identifiers]

    @property
    def texts(self) -> bool:
        """Say whether reviewed redactions of texts may be in the release."""
        return self.tier is Tier.SAFEGUARDED


def value_of(attributes: Mapping[str, JsonValue], identifier: QuasiIdentifier) -> str:
    """Return a participant's value of a quasi-identifier; no answer is a category of its own."""
    value = attributes.get(identifier.key)
    return value if isinstance(value, str) else ""
