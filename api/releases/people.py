"""Steps 2 and 3: one row per participant, generalised until k people share every description."""

from dataclasses import dataclass
from uuid import UUID

from pydantic import JsonValue

from api.releases.policy import Policy, value_of
from api.releases.problems import TooFewParticipants
from api.releases.sdc.hierarchy import SUPPRESSED
from api.releases.sdc.lattice import Unreachable, solve


@dataclass(frozen=True)
class People:
    """The participants of a release, each with the description that it shows, and the account of its making."""

    shown: dict[UUID, tuple[str, ...]]
    k_reached: int
    node: dict[str, int]
    loss: dict[str, float]
    suppressed: int
    class_sizes: tuple[int, ...]
    without_quasi_identifiers: bool


def describe(policy: Policy, attributes: dict[UUID, dict[str, JsonValue]]) -> People:
    """Return each participant's generalised description, or raise TooFewParticipants; k is never lowered.

    With fewer than 2k people nothing is told of them at all: every quasi-identifier is `*`.
    """
    who = sorted(attributes)
    if len(who) < policy.k:
        raise TooFewParticipants(
            f"{len(who)} people share their entries and k is {policy.k}. Wait until at least {policy.k} do."
        )
    rows = [tuple(value_of(attributes[one], q) for q in policy.quasi_identifiers) for one in who]
    if len(who) < 2 * policy.k:
        return _nothing_told(policy, who)
    try:
        found = solve(
            rows, [q.hierarchy() for q in policy.quasi_identifiers], policy.k, policy.suppression_limit
        )
    except Unreachable as error:
        raise TooFewParticipants(f"k = {error.k} cannot be reached; {error.best_k} can.") from error
    return People(
        shown=dict(zip(who, found.rows, strict=True)),
        k_reached=found.k_reached,
        node=dict(zip((q.key for q in policy.quasi_identifiers), found.node, strict=True)),
        loss=found.loss,
        suppressed=found.suppressed,
        class_sizes=found.class_sizes,
        without_quasi_identifiers=False,
    )


def _nothing_told(policy: Policy, who: list[UUID]) -> People:
    keys = [q.key for q in policy.quasi_identifiers]
    return People(
        shown=dict.fromkeys(who, (SUPPRESSED,) * len(keys)),
        k_reached=len(who),
        node={q.key: q.hierarchy().height for q in policy.quasi_identifiers},
        loss=dict.fromkeys(keys, 1.0),
        suppressed=len(who),
        class_sizes=(len(who),),
        without_quasi_identifiers=True,
    )
