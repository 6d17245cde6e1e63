"""Judges a release beside the earlier ones that its holders may have, and counts what changed."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Self

from api.releases.gate.held import Held, Past
from api.releases.people import People
from api.releases.policy import Policy
from api.releases.sdc.differences import Difference, Finding, Published, difference, find
from schemas.disclosure import Tier


@dataclass(frozen=True)
class Gate:
    """What the gate compared and did, as it is stored with a release: numbers of people, never who.

    `compared`: what changed against each earlier release that a holder may have. `not_compared`: numbers of releases
    that somebody may hold and of which nothing is known: lost in a restore, or older than the gate. `left_out`: people
    who share and are not shown, and `coarser`: people described more coarsely than k needs, both for the gate's sake.
    """

    compared: tuple[Difference, ...] = ()
    not_compared: tuple[int, ...] = ()
    left_out: int = 0
    coarser: int = 0

    def stored(self) -> dict[str, Any]:
        """Return it as JSON."""
        return asdict(self)

    @classmethod
    def of(cls, stored: Mapping[str, Any]) -> Self:
        """Return what was stored."""
        lists = {
            "compared": tuple(Difference(**one) for one in stored["compared"]),
            "not_compared": tuple(stored["not_compared"]),
        }
        return cls(**dict(stored) | lists)


def published(policy: Policy, people: People, number: int) -> Published:
    """Return what a release would show."""
    return Published(
        number,
        tuple(identifier.hierarchy() for identifier in policy.quasi_identifiers),
        {str(who): told for who, told in people.shown.items()},
        policy.k,
    )


def compared(new: Published, past: Past) -> tuple[Difference, ...]:
    """Count what changed against every earlier release."""
    return tuple(difference(new, held.published) for held in past.releases)


def findings(policy: Policy, new: Published, past: Past) -> list[Finding]:
    """Return whom a release would give away to a holder; each finding once."""
    found: dict[Finding, None] = {}
    for audience in past.audiences:
        bounding = {held.published.number for held in bounds(policy, audience)}
        for one in find(new, [held.published for held in audience], policy.k):
            if one.kind != "finer" or one.earlier[0] in bounding:
                found[one] = None
    return list(found)


def bounds(policy: Policy, audience: Iterable[Held]) -> list[Held]:
    """Return the earlier releases than which a new one may not be finer.

    A safeguarded release is meant to be finer than an open one: who stands in both is protected by their atoms.
    """
    return [held for held in audience if policy.tier is Tier.OPEN or held.policy.tier is Tier.SAFEGUARDED]


def finer_dates(policy: Policy, past: Past) -> list[int]:
    """Return the earlier releases which told dates less finely, or cut the time otherwise."""
    held = {
        one.published.number: one.policy for audience in past.audiences for one in bounds(policy, audience)
    }
    return sorted(number for number, earlier in held.items() if _tells_more(policy, earlier))


def _tells_more(new: Policy, old: Policy) -> bool:
    fineness = ("phase", "week", "week_and_weekday")
    if new.dates == old.dates == "phase":
        return new.phase_weeks % old.phase_weeks != 0
    return fineness.index(new.dates) > fineness.index(old.dates)
