"""Steps 2 and 3: one row per participant, generalised until k people share every description."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from uuid import UUID

from pydantic import JsonValue

from api.releases.policy import Policy, SensitiveQuestion, value_of
from api.releases.sdc.closeness import fewest_values, t_closeness
from api.releases.sdc.differences import Description
from api.releases.sdc.hierarchy import SUPPRESSED
from api.releases.sdc.lattice import Solution, Unreachable, solve
from api.releases.sdc.recoding import is_suppressed
from api.releases.sdc.safety import Sensitive
from api.releases.sensitive import Values

Attributes = Mapping[UUID, Mapping[str, JsonValue]]
Answers = Mapping[str, Sequence[frozenset[str]]]
NOBODY_ANSWERED: Values = MappingProxyType({})
_NO_VALUE: frozenset[str] = frozenset()


class Shortfall(Exception):
    """What a policy asks for and people cannot give: of `kind` people, suppression, l or t; `key` of l and t."""

    def __init__(self, kind: str, reached: float = 0, key: str = "") -> None:
        super().__init__(kind)
        self.kind, self.reached, self.key = kind, reached, key


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
    recoded: int = 0
    cells_suppressed: int = 0
    l_reached: dict[str, int] = field(default_factory=dict)
    t_reached: dict[str, float] = field(default_factory=dict)


def attempt(
    policy: Policy,
    attributes: Attributes,
    sensitive: Values = NOBODY_ANSWERED,
    alive: Callable[[], None] = lambda: None,
) -> People:
    """Return each participant's generalised description, or raise Shortfall; nothing is ever lowered.

    `sensitive` says who gave which answers to the policy's sensitive questions; `alive` is called while it takes
    long. With fewer than 2k people nothing is told of them at all: every quasi-identifier is `*`.
    """
    who = sorted(attributes)
    if len(who) < policy.k:
        raise Shortfall("people", len(who))
    nothing = len(who) < 2 * policy.k
    asked = [] if nothing else policy.quasi_identifiers
    rows = [tuple(value_of(attributes[one], q) for q in asked) for one in who]
    answers = _answers(policy, who, sensitive)
    hierarchies, most = [q.hierarchy() for q in asked], policy.suppression_limit * len(who)
    needs = [
        Sensitive(q.key, answers[q.key], q.l, q.t, q.values if q.ordered else None) for q in policy.sensitive
    ]
    try:
        found = solve(rows, hierarchies, policy.k, policy.suppression_limit, needs, alive)
    except Unreachable as error:
        raise Shortfall("l", error.best_l, error.sensitive or "") from None
    if found.suppressed > most:  # everybody is hidden: for t, or would they be without it?
        without_t = [replace(one, t=None) for one in needs]
        found = solve(rows, hierarchies, policy.k, policy.suppression_limit, without_t)
    if found.suppressed > most:
        raise Shortfall("suppression", found.suppressed)
    reached = _closeness(policy.sensitive, found.rows, answers)
    return _nothing_told(policy, who, found, reached) if nothing else _told(policy, who, found, reached)


def recounted(
    policy: Policy, people: People, shown: Mapping[UUID, Description], sensitive: Values = NOBODY_ANSWERED
) -> People:
    """Return the account of 2k or more of the people, or of coarser descriptions; raise Shortfall of l or t.

    `node` stays as it was: some descriptions are coarser.
    """
    rows, answers = list(shown.values()), _answers(policy, list(shown), sensitive)
    classes = Counter(rows)
    l_reached = {q.key: fewest_values(rows, answers[q.key]) for q in policy.sensitive}
    for question in policy.sensitive:
        if 0 < l_reached[question.key] < question.l:
            raise Shortfall("l", l_reached[question.key], question.key)
    lost = {
        identifier.key: sum(n * identifier.hierarchy().loss(told[place]) for told, n in classes.items())
        for place, identifier in enumerate(policy.quasi_identifiers)
    }
    return replace(
        people,
        shown=dict(shown),
        k_reached=min(classes.values()),
        loss={key: total / len(shown) for key, total in lost.items()},
        suppressed=sum(n for told, n in classes.items() if is_suppressed(told)),
        class_sizes=tuple(sorted(classes.values())),
        l_reached=l_reached,
        t_reached=_closeness(policy.sensitive, rows, answers),
    )


def _answers(policy: Policy, who: Sequence[UUID], sensitive: Values) -> Answers:
    return {q.key: [sensitive.get(one, {}).get(q.key, _NO_VALUE) for one in who] for q in policy.sensitive}


def _closeness(
    asked: Sequence[SensitiveQuestion], rows: Sequence[Description], answers: Answers
) -> dict[str, float]:
    """Return t of each sensitive question, or raise Shortfall."""
    reached = {}
    for question in asked:
        order = question.values if question.ordered else None
        t = t_closeness(rows, answers[question.key], order)
        if question.t is not None and t > question.t:
            raise Shortfall("t", t, question.key)
        reached[question.key] = t
    return reached


def _told(policy: Policy, who: list[UUID], found: Solution, t_reached: dict[str, float]) -> People:
    return People(
        shown=dict(zip(who, found.rows, strict=True)),
        k_reached=found.k_reached,
        node=dict(zip((q.key for q in policy.quasi_identifiers), found.node, strict=True)),
        loss=found.loss,
        suppressed=found.suppressed,
        class_sizes=found.class_sizes,
        without_quasi_identifiers=False,
        recoded=found.recoded,
        cells_suppressed=found.cells_suppressed,
        l_reached=found.l_reached,
        t_reached=t_reached,
    )


def _nothing_told(policy: Policy, who: list[UUID], found: Solution, t_reached: dict[str, float]) -> People:
    keys = [q.key for q in policy.quasi_identifiers]
    return People(
        shown=dict.fromkeys(who, (SUPPRESSED,) * len(keys)),
        k_reached=len(who),
        node={q.key: q.hierarchy().height for q in policy.quasi_identifiers},
        loss=dict.fromkeys(keys, 1.0),
        suppressed=len(who),
        class_sizes=(len(who),),
        without_quasi_identifiers=True,
        l_reached=found.l_reached,
        t_reached=t_reached,
    )
