"""Measure quickly how far the classes of a node are from everybody, so that few tables are finished in vain."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from api.releases.sdc.attribute import Attribute
from api.releases.sdc.recoding import Choice
from api.releases.sdc.rollup import group
from api.releases.sdc.safety import Ints, Sensitive

Shares = NDArray[np.float64]
_ROUNDING = 1e-9


class Distances:
    """Hold what each participant weighs in every value of the sensitive attributes that have a t.

    Formulas and sources are those of `closeness`, which decides in exact numbers; this only sorts out.
    """

    def __init__(
        self, attributes: Sequence[Attribute], columns: Sequence[Ints], sensitive: Sequence[Sensitive]
    ) -> None:
        self._attributes, self._columns = attributes, columns
        self._asked = [
            (one.t, one.order is not None, _weights(one)) for one in sensitive if one.t is not None
        ]

    def too_far(self, choice: Choice) -> bool:
        """Say whether a class that this choice leaves as it is breaks a t; recoding joins nobody to it."""
        kept = np.flatnonzero(~choice.remainder)
        lifted = [
            attribute.climb(column[kept], level)
            for attribute, column, level in zip(self._attributes, self._columns, choice.node, strict=True)
        ]
        first, classes = group(lifted, len(kept))
        return any(
            _farthest(weights[kept], classes, len(first), weights, ordered=ordered) > t + _ROUNDING
            for t, ordered, weights in self._asked
        )


def _weights(one: Sensitive) -> Shares:
    """Return a row per participant, in which their values share 1; 0 for who has none."""
    values = sorted(frozenset().union(*one.values)) if one.order is None else list(one.order)
    place = {value: number for number, value in enumerate(values)}
    found = np.zeros((len(one.values), len(values)))
    for row, mine in enumerate(one.values):
        for value in mine:
            found[row, place[value]] = 1 / len(mine)
    return found


def _farthest(kept: Shares, classes: Ints, count: int, everybody: Shares, *, ordered: bool) -> float:
    """Return the largest distance between a class and everybody; a class without values has none."""
    order = np.argsort(classes, kind="stable")
    starts = np.searchsorted(classes[order], np.arange(count))
    sums = np.add.reduceat(kept[order], starts) if count else kept[:0]
    sums = sums[sums.sum(axis=1) > 0]
    if not len(sums):
        return 0.0
    apart = sums / sums.sum(axis=1, keepdims=True) - everybody.sum(axis=0) / everybody.sum()
    if ordered:
        moved = np.abs(apart.cumsum(axis=1)).sum(axis=1) / max(apart.shape[1] - 1, 1)
    else:
        moved = np.abs(apart).sum(axis=1) / 2
    return float(moved.max())
