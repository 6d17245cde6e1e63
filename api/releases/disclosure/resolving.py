"""Turns a policy into what is frozen with a release, or tells what in it cannot be."""

from collections.abc import Iterator, Sequence
from math import prod

from sqlmodel import Session

from api.releases.disclosure import hierarchies
from api.releases.disclosure.questions import Asked
from api.releases.policy import Policy, QuasiIdentifier, SensitiveQuestion
from api.releases.problems import PolicyNotPossible
from api.releases.sdc.hierarchy import HierarchyError
from api.studies.models import Study
from schemas.base import FieldError
from schemas.disclosure import DisclosurePolicy, SensitiveAttribute, Tier

MOST_NODES = 20_000  # of the lattice: all of them are looked at


def resolved(session: Session, study: Study, tier: Tier, wanted: DisclosurePolicy) -> Policy:
    """Return a policy as it is frozen with a release, or raise PolicyNotPossible with everything that is wrong."""
    asked, own = Asked.of(session, study), hierarchies.uploaded(session, study.id)
    tried = [
        _quasi_identifier(asked, own, key, f"/quasi_identifiers/{number}")
        for number, key in enumerate(wanted.quasi_identifiers)
    ]
    found = [one for one in tried if isinstance(one, QuasiIdentifier)]
    errors = [
        *(one for one in tried if isinstance(one, FieldError)),
        *_twice(wanted.quasi_identifiers, "/quasi_identifiers/{}"),
        *_too_large(found),
        *_sensitive_errors(asked, wanted.sensitive),
        *_tier_errors(tier, wanted),
    ]
    if errors:
        raise PolicyNotPossible(errors=errors)
    return Policy(
        tier=tier,
        quasi_identifiers=found,
        k=wanted.k,
        k_reason=wanted.k_reason,
        suppression_limit=wanted.suppression_limit,
        sensitive=[
            SensitiveQuestion(**one.model_dump(), values=values)
            for one in wanted.sensitive
            if isinstance(values := asked.answers(one.key, ""), list)
        ],
        dates=wanted.dates,
        phase_weeks=wanted.phase_weeks,
    )


def _quasi_identifier(
    asked: Asked, own: dict[str, dict[str, list[str]]], key: str, pointer: str
) -> QuasiIdentifier | FieldError:
    question = asked.attribute(key, pointer)
    if isinstance(question, FieldError):
        return question
    made = QuasiIdentifier(key=key, ancestors=hierarchies.ancestors_of(question, own))
    try:
        known = made.hierarchy()
    except HierarchyError:
        return FieldError(pointer=pointer, code="hierarchy", message=hierarchies.UNUSABLE)
    if all(known.contains(option.value) for option in question.options):
        return made
    message = "The uploaded hierarchy lacks options that the question has now; upload it anew."
    return FieldError(pointer=pointer, code="hierarchy", message=message)


def _too_large(found: Sequence[QuasiIdentifier]) -> Iterator[FieldError]:
    """Refuse more generalisations than can be looked at, naming the attribute that has most levels."""
    levels = [one.hierarchy().height + 1 for one in found]
    if prod(levels) > MOST_NODES:
        most = levels.index(max(levels))
        message = (
            f"Together the attributes can be generalised in {prod(levels)} ways; {MOST_NODES} can be looked at. "
            f"This one has most levels ({levels[most]}): leave it out, or upload a hierarchy with fewer."
        )
        yield FieldError(pointer=f"/quasi_identifiers/{most}", code="too_large", message=message)


def _sensitive_errors(asked: Asked, wanted: Sequence[SensitiveAttribute]) -> Iterator[FieldError]:
    yield from _twice([one.key for one in wanted], "/sensitive/{}/key")
    for number, one in enumerate(wanted):
        answers = asked.answers(one.key, f"/sensitive/{number}/key")
        if isinstance(answers, FieldError):
            yield answers
            continue
        if one.l > len(answers):
            message = f"The question has {len(answers)} different answers only."
            yield FieldError(pointer=f"/sensitive/{number}/l", code="too_many", message=message)
        if one.ordered and asked.is_multiple(one.key):
            message = "Answers of which several can be given have no order."
            yield FieldError(pointer=f"/sensitive/{number}/ordered", code="not_ordered", message=message)


def _tier_errors(tier: Tier, wanted: DisclosurePolicy) -> Iterator[FieldError]:
    if wanted.k < tier.own_k and wanted.k_reason is None:
        message = f"A k below {tier.own_k} needs its reason in writing; every release prints it."
        yield FieldError(pointer="/k_reason", code="needed", message=message)
    if wanted.k >= tier.own_k and wanted.k_reason is not None:
        message = f"A k of {tier.own_k} or more needs no reason."
        yield FieldError(pointer="/k_reason", code="not_needed", message=message)
    if wanted.dates not in tier.dates:
        message = f"Releases of this tier tell dates by {' or '.join(tier.dates)}."
        yield FieldError(pointer="/dates", code="not_in_tier", message=message)


def _twice(keys: Sequence[str], pointer: str) -> Iterator[FieldError]:
    for number, key in enumerate(keys):
        if key in keys[:number]:
            yield FieldError(pointer=pointer.format(number), code="twice", message="It is named before.")
