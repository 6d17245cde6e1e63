"""Lets a release pass beside the earlier ones, fits it to them, or refuses it and says what would pass."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session

from api.releases.describing import describe
from api.releases.gate import words
from api.releases.gate.fitting import Known, fitted
from api.releases.gate.held import Past, ids_beside, past_of
from api.releases.gate.judging import Gate, compared, findings, finer_dates, published
from api.releases.models import Release
from api.releases.people import People, Shortfall, attempt
from api.releases.policy import Policy
from api.releases.problems import ReleaseNotCompared, ReleaseTellsPeopleApart
from api.studies import service as studies


@dataclass(frozen=True)
class Passed:
    """The people of a release that may be published, the account of the gate, and ids of what it was judged beside."""

    people: People
    gate: Gate
    beside: frozenset[UUID]


def pass_gate(
    session: Session, release: Release, policy: Policy, known: Known, alive: Callable[[], None]
) -> Passed:
    """Return the people whom a release may show and what was compared, or raise what stands in its way.

    `alive` is called for every table that the search looks at, up to thousands of times.
    """
    return judged(policy, known, past_of(session, release), release, alive)


def judged(
    policy: Policy,
    known: Known,
    past: Past,
    release: Release,
    alive: Callable[[], None] = lambda: None,
    *,
    advises: bool = True,
) -> Passed:
    """Do the same beside what is given; a refusal says what would pass, unless that is not worth the search."""
    if past.unknown and release.not_compared_reason is None:
        raise ReleaseNotCompared(words.not_compared(past.unknown))
    people = described = describe(policy, known.attributes, known.sensitive, alive)
    dates = finer_dates(policy, past)
    if release.fit_earlier and not dates:
        people = fitted(policy, known, described, past) or described
    new = published(policy, people, 0)
    if (found := findings(policy, new, past)) or dates:
        offers = list(_offers(policy, known, described, past, alive)) if advises and not dates else []
        raise ReleaseTellsPeopleApart(words.refusal(found, dates, policy.k, offers if advises else None))
    account = Gate(
        compared=compared(new, past),
        not_compared=past.unknown,
        left_out=len(described.shown) - len(people.shown),
        coarser=sum(told != described.shown[who] for who, told in people.shown.items()),
    )
    return Passed(people, account, past.ids)


def still_passes(session: Session, release: Release, passed: Passed) -> bool:
    """Say whether what was judged is still all that a holder may have, and stays so in this transaction."""
    studies.lock(session, release.study_id)
    return ids_beside(session, release) == passed.beside


def _offers(
    policy: Policy, known: Known, people: People, past: Past, alive: Callable[[], None]
) -> Iterator[str]:
    """Yield what would pass: without one quasi-identifier, without any, or fitted to the earlier releases."""
    kept = policy.quasi_identifiers
    without = [(f"without `{one.key}`", [other for other in kept if other is not one]) for one in kept]
    if len(kept) != 1:
        without.append(("without any quasi-identifier", []))
    for words_of_it, identifiers in without if kept else []:
        alive()
        smaller = policy.model_copy(update={"quasi_identifiers": identifiers})
        if _passes(smaller, known, past, alive):
            yield words_of_it
    if (fit := fitted(policy, known, people, past)) is not None:
        left_out = len(people.shown) - len(fit.shown)
        yield f"with `fit_earlier`, leaving {left_out} of {len(people.shown)} people out"


def _passes(policy: Policy, known: Known, past: Past, alive: Callable[[], None]) -> bool:
    try:
        people = attempt(policy, known.attributes, known.sensitive, alive)
    except Shortfall:
        return False
    return not findings(policy, published(policy, people, 0), past)
