"""Measure how much a class tells of a sensitive attribute: distinct l-diversity and t-closeness."""

from collections import defaultdict
from collections.abc import Iterable, Set

from api.releases.sdc.risk import Row


def fewest_values(rows: Iterable[Row], values: Iterable[Set[str]]) -> int:
    """Return the fewest different values that a class with any value has, 0 if none has.

    One row and one set of values per participant; the sets of a class are united.
    """
    found: defaultdict[tuple[str, ...], set[str]] = defaultdict(set)
    for row, mine in zip(rows, values, strict=True):
        found[tuple(row)] |= mine
    return min((len(union) for union in found.values() if union), default=0)
