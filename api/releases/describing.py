"""Describes the people of a release, or refuses and says what would make it possible."""

from collections.abc import Callable, Iterator
from functools import partial

from api.releases.people import NOBODY_ANSWERED, Attributes, People, Shortfall, attempt
from api.releases.policy import Policy, value_of
from api.releases.problems import NotReachable, TooFewParticipants
from api.releases.sensitive import Values
from schemas.disclosure import HIGHEST_SUPPRESSION, LOWEST_K

_MOST_TRIES = 10


def describe(
    policy: Policy,
    attributes: Attributes,
    sensitive: Values = NOBODY_ANSWERED,
    alive: Callable[[], None] = lambda: None,
) -> People:
    """Return each participant's generalised description, or raise TooFewParticipants or NotReachable."""
    try:
        return attempt(policy, attributes, sensitive, alive)
    except Shortfall as short:
        if short.kind == "people":
            raise TooFewParticipants(_too_few(policy, len(attributes))) from None
        tried = partial(attempt, attributes=attributes, sensitive=sensitive, alive=alive)
        offers = list(_possible(policy, short, tried)) or ["Wait until more people share"]
        said = [_said(policy, short, len(attributes)), *_silent(policy, attributes)]
        raise NotReachable(f"{' '.join(said)} {'; or '.join(offers)}.") from None


def _too_few(policy: Policy, people: int) -> str:
    missing = policy.k - people
    said = f"{people} people share their entries and k is {policy.k}: {missing} more must share."
    if people >= LOWEST_K:
        said += f" With these, k = {people} could be reached; {_reason(policy, people)}."
    return said


def _reason(policy: Policy, k: int) -> str:
    if k < policy.tier.own_k:
        return f"a k below {policy.tier.own_k} needs its reason in the study's disclosure policy"
    return "the study's disclosure policy can say so"


def _said(policy: Policy, short: Shortfall, people: int) -> str:
    match short.kind:
        case "l":
            least = next(one.l for one in policy.sensitive if one.key == short.key)
            return (
                f"All {people} people together gave {short.reached:.0f} different answers to {short.key}; "
                f"l is {least}."
            )
        case "t":
            most = next(one.t for one in policy.sensitive if one.key == short.key)
            return f"Answers to {short.key} differ between groups by t = {short.reached:.2f}; the most is {most}."
    return (
        f"Only with every description hidden would {policy.k} people share each of them; at most "
        f"{policy.suppression_limit:.0%} of {people} people may be hidden."
    )


def _silent(policy: Policy, attributes: Attributes) -> Iterator[str]:
    """Count who makes a class of their own by having answered nothing."""
    asked = policy.quasi_identifiers
    silent = sum(not any(value_of(one, q) for q in asked) for one in attributes.values())
    if asked and silent:
        yield f"{silent} people have answered none of {', '.join(q.key for q in asked)}."


def _possible(policy: Policy, short: Shortfall, tried: Callable[[Policy], People]) -> Iterator[str]:
    """Yield each single change to the policy with which the release could be made."""
    for said, changes in _changes(policy, short):
        try:
            tried(policy.model_copy(update=changes))
        except Shortfall:
            continue
        yield said
    if short.kind == "suppression":
        for k in sorted(range(LOWEST_K, policy.k), reverse=True)[:_MOST_TRIES]:
            try:
                tried(policy.model_copy(update={"k": k}))
            except Shortfall:
                continue
            yield f"Lower k to {k} ({_reason(policy, k)})"
            return


def _changes(policy: Policy, short: Shortfall) -> Iterator[tuple[str, dict[str, object]]]:
    if short.kind == "suppression" and policy.suppression_limit < HIGHEST_SUPPRESSION:
        yield (
            f"Raise the suppression limit, up to {HIGHEST_SUPPRESSION}",
            {"suppression_limit": HIGHEST_SUPPRESSION},
        )
    if short.kind == "t":
        for one in policy.quasi_identifiers:
            rest = [other for other in policy.quasi_identifiers if other is not one]
            yield f"Leave out the quasi-identifier {one.key}", {"quasi_identifiers": rest}
    if short.kind in {"suppression", "t"}:
        yield "Ask for a release without quasi-identifiers", {"quasi_identifiers": []}
    for question in policy.sensitive:
        others = [other for other in policy.sensitive if other is not question]
        yield f"Take {question.key} off the sensitive attributes", {"sensitive": others}
