"""What a release may hold: resolved once when it is asked for, then frozen with it."""

from typing import Annotated

from pydantic import Field, JsonValue
from sqlmodel import Session

from api.instruments import service as instruments
from api.releases.problems import NothingToRelease, QuasiIdentifierUnknown
from api.releases.sdc.hierarchy import Hierarchy
from api.studies import service as studies
from api.studies.models import Study
from schemas.base import FieldError, Key, Model
from schemas.disclosure import LOWEST_K, Dates, SensitiveAttribute, Tier
from schemas.instrument import InstrumentDefinition
from schemas.questions import Disclosure, SingleChoiceQuestion
from schemas.release import ReleaseCreate


class QuasiIdentifier(Model):
    """A profile attribute that a release shows generalised, and each value's ancestors."""

    key: Key
    ancestors: dict[str, list[str]]

    def hierarchy(self) -> Hierarchy:
        """Return the hierarchy by which the attribute is generalised."""
        return Hierarchy.from_ancestors(self.key, self.ancestors)


class Policy(Model):
    """How one release is made; what has a default was not asked of the first releases."""

    tier: Tier = Tier.SAFEGUARDED
    quasi_identifiers: list[QuasiIdentifier]
    k: Annotated[int, Field(ge=LOWEST_K)]
    k_reason: str | None = None
    suppression_limit: float
    sensitive: list[SensitiveAttribute] = Field(default_factory=list)
    dates: Dates = "week"
    phase_weeks: int = 13

    @property
    def texts(self) -> bool:
        """Say whether reviewed redactions of texts may be in the release."""
        return self.tier is Tier.SAFEGUARDED


def resolve(session: Session, study: Study, wanted: ReleaseCreate) -> Policy:
    """Return the policy of a release, or raise the problem that stands in its way."""
    if not instruments.versions(session, study.id, drafts=False):
        raise NothingToRelease
    defaults = studies.release_defaults(study)
    profile = instruments.profile_definition(session, study.id)
    keys = defaults.quasi_identifiers if wanted.quasi_identifiers is None else wanted.quasi_identifiers
    return Policy(
        quasi_identifiers=_quasi_identifiers(profile[1] if profile else None, keys),
        k=wanted.k or defaults.k,
        suppression_limit=defaults.suppression_limit,
    )


def value_of(attributes: dict[str, JsonValue], identifier: QuasiIdentifier) -> str:
    """Return a participant's value of a quasi-identifier; no answer is a category of its own."""
    value = attributes.get(identifier.key)
    return value if isinstance(value, str) else ""


def _quasi_identifiers(profile: InstrumentDefinition | None, keys: list[str]) -> list[QuasiIdentifier]:
    found, errors = [], []
    for number, key in enumerate(dict.fromkeys(keys)):
        question = profile.question(key) if profile else None
        if (
            isinstance(question, SingleChoiceQuestion)
            and question.effective_disclosure is Disclosure.GENERALISE
        ):
            plain: dict[str, list[str]] = {option.value: [] for option in question.options}
            found.append(QuasiIdentifier(key=key, ancestors=question.hierarchy or plain))
        else:
            errors.append(
                FieldError(
                    pointer=f"/quasi_identifiers/{number}",
                    code="unknown",
                    message=f"The profile has no question {key} of class generalise with options.",
                )
            )
    if errors:
        raise QuasiIdentifierUnknown(errors=errors)
    return found
