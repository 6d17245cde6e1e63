"""Recode a hierarchy as integers that keep neighbours together."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Self

import numpy as np

from api.releases.sdc.hierarchy import MISSING, Hierarchy
from api.releases.sdc.safety import Ints

Node = tuple[int, ...]


@dataclass(frozen=True)
class Attribute:
    """Hold one hierarchy in integers: per level the labels, their alphabetical ranks, and the leaves lost.

    A code is the place of a label among those of its level, in the order of the tree: the values under one
    label have neighbouring codes, and no step to the next level changes the order of codes.
    `lost[level][code] / whole` is the Loss of one cell: (leaves under the label - 1) / (leaves - 1), 0 for a
    value as it is, 1 for `*`.
    """

    labels: tuple[tuple[str, ...], ...]
    ranks: tuple[Ints, ...]
    steps: tuple[Ints, ...]
    lost: tuple[Ints, ...]
    whole: int
    _meets: Ints

    @classmethod
    def of(cls, hierarchy: Hierarchy) -> Self:
        """Encode a hierarchy; `MISSING` is one more label below the top and loses nothing there."""
        levels = range(hierarchy.height + 1)
        paths = [[hierarchy.generalise(v, x) for x in levels] for v in (MISSING, *hierarchy.levels)]
        paths.sort(key=lambda path: path[::-1])
        columns = list(zip(*paths, strict=True))
        labels = tuple(tuple(dict.fromkeys(column)) for column in columns)
        codes = [{label: code for code, label in enumerate(level)} for level in labels]
        whole = max(len(hierarchy.levels) - 1, 1)
        steps, lost = [], []
        for level in range(hierarchy.height):
            parents = dict(zip(columns[level], columns[level + 1], strict=True))
            steps.append(np.array([codes[level + 1][parents[label]] for label in labels[level]], np.int64))
            under = [hierarchy.leaves_under(label, level) - 1 for label in labels[level]]
            lost.append(np.array(under, np.int64))
        lost.append(np.array([whole], np.int64))
        meets = [next(x for x in levels if one[x] == two[x]) for one, two in pairwise(paths)]
        return cls(labels, tuple(map(_ranks, labels)), tuple(steps), tuple(lost), whole, _highest(meets))

    @property
    def height(self) -> int:
        """Return the number of the top level."""
        return len(self.steps)

    def meets(self, low: Ints, high: Ints) -> Ints:
        """Return the lowest level at which two codes of level 0, the second one higher, have one label.

        That is the highest of the levels at which the neighbours between them meet: of two overlapping spans
        whose lengths are a power of two, which are known beforehand.
        """
        power = np.frexp(high - low)[1] - 1
        row = power * len(self.labels[0])
        found: Ints = np.maximum(self._meets[row + low], self._meets[row + high - (1 << power)])
        return found

    def climb(self, codes: Ints, level: int) -> Ints:
        """Return the codes at `level` of codes at level 0."""
        for step in self.steps[:level]:
            codes = step[codes]
        return codes


def _highest(meets: Sequence[int]) -> Ints:
    """Return, row after row, the highest of 1, 2, 4, ... successive levels from each place on (0: beyond the end)."""
    rows = [np.array([*meets, 0], np.int64)]
    while 2 ** len(rows) <= len(meets):
        width = 2 ** (len(rows) - 1)
        row = np.zeros_like(rows[-1])
        row[:-width] = np.maximum(rows[-1][:-width], rows[-1][width:])
        rows.append(row)
    return np.concatenate(rows)


def _ranks(labels: Sequence[str]) -> Ints:
    places = {label: rank for rank, label in enumerate(sorted(labels))}
    return np.array([places[label] for label in labels], np.int64)
