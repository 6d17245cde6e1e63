"""Measure how much a class tells of a sensitive attribute: distinct l-diversity and t-closeness.

Every function takes one row of quasi-identifiers per participant, and of the sensitive attribute either one
value or the set of the participant's values. An empty cell and `*` are values like any other.
Sources: Machanavajjhala et al. 2007 (l-diversity), Li, Li, Venkatasubramanian 2007 (t-closeness).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from fractions import Fraction

from api.releases.sdc.risk import Row

Shares = Mapping[str, Fraction]


def distinct_values(rows: Iterable[Row], sensitive: Iterable[str]) -> dict[tuple[str, ...], int]:
    """Count the different sensitive values in each class, one value per row; an empty one is a value."""
    return {row: len(union) for row, union in _unions(rows, ({value} for value in sensitive)).items()}


def distinct_l(rows: Iterable[Row], sensitive: Iterable[str]) -> int:
    """Return distinct l-diversity: the fewest different sensitive values in any class (0 without people)."""
    return min(distinct_values(rows, sensitive).values(), default=0)


def fewest_values(rows: Iterable[Row], values: Iterable[Set[str]]) -> int:
    """Return the same for sets, united in each class: the fewest in a class that has any, 0 if none has."""
    return min((len(union) for union in _unions(rows, values).values() if union), default=0)


def shares(values: Iterable[Set[str]]) -> dict[str, Fraction]:
    """Return the share of each value: a participant's one is spread over their values; who has none is left out."""
    found: defaultdict[str, Fraction] = defaultdict(Fraction)
    people = 0
    for mine in values:
        people += bool(mine)
        for value in mine:
            found[value] += Fraction(1, len(mine))
    return {value: weight / people for value, weight in found.items()}


def equal_distance(p: Shares, q: Shares) -> Fraction:
    """Return the earth mover's distance where all values are equally far apart: 1/2 sum |p - q|, in 0..1."""
    return sum((abs(p.get(v, Fraction()) - q.get(v, Fraction())) for v in {*p, *q}), Fraction()) / 2


def ordered_distance(p: Shares, q: Shares, order: Sequence[str]) -> Fraction:
    """Return the earth mover's distance over m ordered values: 1/(m-1) sum |cumulative p - q|, in 0..1.

    `order` lists every value once, lowest first; ValueError for a value that it lacks or repeats. m = 1: 0.
    """
    if len(set(order)) != len(order) or not {*p, *q} <= set(order):
        raise ValueError("The order must list every value once.")
    moved = total = Fraction()
    for value in order:
        moved += p.get(value, Fraction()) - q.get(value, Fraction())
        total += abs(moved)
    return total / max(len(order) - 1, 1)


def t_closeness(rows: Iterable[Row], values: Iterable[Set[str]], order: Sequence[str] | None = None) -> float:
    """Return t: the largest distance between a class's shares and those of all (0: nobody has any value).

    Ordered distance if an order of the values is given, else equal distance. A class in which nobody has a
    value tells nothing and counts 0.
    """
    pairs = [(tuple(row), mine) for row, mine in zip(rows, values, strict=True)]
    whole = shares(mine for _, mine in pairs)
    classes: defaultdict[tuple[str, ...], list[Set[str]]] = defaultdict(list)
    for row, mine in pairs:
        if mine:
            classes[row].append(mine)
    parts = [shares(people) for people in classes.values()]
    far = [
        ordered_distance(p, whole, order) if order is not None else equal_distance(p, whole) for p in parts
    ]
    return float(max(far, default=Fraction()))


def _unions(rows: Iterable[Row], values: Iterable[Set[str]]) -> dict[tuple[str, ...], set[str]]:
    found: defaultdict[tuple[str, ...], set[str]] = defaultdict(set)
    for row, mine in zip(rows, values, strict=True):
        found[tuple(row)] |= mine
    return found
