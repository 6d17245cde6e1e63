"""Recode a table as integers, roll it up through the lattice, and recode what is left group by group."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import lcm
from typing import Self

import numpy as np
from numpy.typing import NDArray

from api.releases.sdc.hierarchy import MISSING, SUPPRESSED, Hierarchy

Ints = NDArray[np.int64]
Node = tuple[int, ...]
_SPAN = 2**62


@dataclass(frozen=True)
class Attribute:
    """Hold one hierarchy in integers: per level the labels, the step to the next level, the leaves lost.

    A code is the place of its label among the sorted labels of its level. `lost[level][code] / whole` is the
    Loss of one cell: (leaves under the label - 1) / (leaves - 1), 0 for a value as it is, 1 for `*`.
    """

    labels: tuple[tuple[str, ...], ...]
    steps: tuple[Ints, ...]
    lost: tuple[Ints, ...]
    whole: int

    @classmethod
    def of(cls, hierarchy: Hierarchy) -> Self:
        """Encode a hierarchy; `MISSING` is one more label below the top and loses nothing there."""
        top, values = hierarchy.height, (MISSING, *hierarchy.levels)
        paths = [[hierarchy.generalise(value, level) for value in values] for level in range(top + 1)]
        labels = tuple(tuple(sorted(set(path))) for path in paths)
        codes = [{label: code for code, label in enumerate(level)} for level in labels]
        whole = max(len(hierarchy.levels) - 1, 1)
        steps, lost = [], []
        for level in range(top):
            parent = dict(zip(paths[level], paths[level + 1], strict=True))
            steps.append(np.array([codes[level + 1][parent[label]] for label in labels[level]], np.int64))
            under = [hierarchy.leaves_under(label, level) - 1 for label in labels[level]]
            lost.append(np.array(under, np.int64))
        lost.append(np.array([whole], np.int64))
        return cls(labels, tuple(steps), tuple(lost), whole)

    def climb(self, codes: Ints, level: int) -> Ints:
        """Return the codes at `level` of codes at level 0."""
        for step in self.steps[:level]:
            codes = step[codes]
        return codes


@dataclass(frozen=True)
class Classes:
    """Hold equivalence classes: a column of codes per attribute and the people per class, of one length."""

    columns: tuple[Ints, ...]
    people: Ints


@dataclass(frozen=True)
class Choice:
    """Say which node won, and for each row whether it stays in the remainder."""

    node: Node
    remainder: NDArray[np.bool_]


def group(columns: Sequence[Ints], length: int) -> tuple[Ints, Ints]:
    """Return each class's first row and each row's class; classes are in lexicographic order of their codes.

    Columns are combined by mixed radix, renumbered when the next digit would pass 2**62.
    """
    key, span = np.zeros(length, np.int64), 1
    for column in columns:
        size = int(column.max(initial=0)) + 1
        if span * size > _SPAN:
            distinct, key = np.unique(key, return_inverse=True)
            span = len(distinct)
        key, span = key * size + column, span * size
    _, first, inverse = np.unique(key, return_index=True, return_inverse=True)
    return first.astype(np.int64), inverse.astype(np.int64)


def merged(columns: Sequence[Ints], people: Ints) -> Classes:
    """Merge equal rows and add up their people."""
    first, inverse = group(columns, len(people))
    counts = np.bincount(inverse, weights=people, minlength=len(first)).astype(np.int64)
    return Classes(tuple(column[first] for column in columns), counts)


def walk(attributes: Sequence[Attribute], classes: Classes, node: Node) -> Iterator[tuple[Node, Classes]]:
    """Visit every node at or above `node` once, each rolled up from a finer one by a single step."""
    yield from _walk(attributes, classes, node, 0)


def _walk(
    attributes: Sequence[Attribute], classes: Classes, node: Node, at: int
) -> Iterator[tuple[Node, Classes]]:
    yield node, classes
    for j in range(at, len(node)):
        if node[j] < len(attributes[j].steps):
            columns = list(classes.columns)
            columns[j] = attributes[j].steps[node[j]][columns[j]]
            coarser = (*node[:j], node[j] + 1, *node[j + 1 :])
            yield from _walk(attributes, merged(columns, classes.people), coarser, j)


def unsafe(people: Ints, k: int) -> NDArray[np.bool_]:
    """Mark the classes that go to the remainder: all below k, and the first smallest other one if needed.

    The remainder may end as `*` rows, which are a class like any other; so it holds nobody, or k people or
    more. A remainder of 1 to k - 1 takes the smallest safe class with it (one is always enough).
    """
    out: NDArray[np.bool_] = people < k
    if 0 < int(people[out].sum()) < k and not out.all():
        out[np.argmin(np.where(out, people.max() + 1, people))] = True
    return out


def search(
    attributes: Sequence[Attribute], columns: Sequence[Ints], start: Node, k: int, most: int
) -> Choice:
    """Return the best node at or above `start` that leaves at most `most` rows.

    Columns hold level-0 codes, one row per person. Every node is looked at; the objective is the sum of Loss
    in exact integers, a remaining row counting 1 per attribute; ties go to fewest rows remaining, then the
    lowest height, then the lexicographically first node. Fewer than k rows are refused with ValueError.
    """
    length = len(columns[0])
    if length < k:
        raise ValueError(f"{length} participants cannot make a class of {k}.")
    scale = lcm(*(attribute.whole for attribute in attributes))
    best = (length * len(columns) * scale + 1, 0, 0, start)  # worse than any node, the top among them
    lifted = [a.climb(c, level) for a, c, level in zip(attributes, columns, start, strict=True)]
    for node, classes in walk(attributes, merged(lifted, np.ones(length, np.int64)), start):
        out = unsafe(classes.people, k)
        left = int(classes.people[out].sum())
        if left > most:
            continue
        kept, score = np.where(out, 0, classes.people), 0
        for attribute, level, column in zip(attributes, node, classes.columns, strict=True):
            lost = int(attribute.lost[level][column] @ kept) + left * attribute.whole
            score += lost * (scale // attribute.whole)
        best = min(best, (score, left, sum(node), node))
    node = best[3]
    first, inverse = group([a.climb(c, x) for a, c, x in zip(attributes, columns, node, strict=True)], length)
    return Choice(node, unsafe(np.bincount(inverse, minlength=len(first)), k)[inverse])


def recode(
    attributes: Sequence[Attribute], columns: Sequence[Ints], rest: Ints, start: Node, k: int
) -> list[tuple[Ints, Node]]:
    """Place the remaining rows, group by group, at the best coarser nodes; those left over go to the top.

    `rest` holds row numbers (none, or k and more). Each round searches the nodes at or above `start` over the
    rows still remaining, places at least one class of k, and leaves nobody or k and more; the top places all,
    so it ends. A group cannot fall into a class placed before it: one label names one set of values, so it
    would have been in that class already. Returns (row numbers, node) per round.
    """
    placed: list[tuple[Ints, Node]] = []
    while len(rest):
        choice = search(attributes, [column[rest] for column in columns], start, k, len(rest) - 1)
        placed.append((rest[~choice.remainder], choice.node))
        rest = rest[choice.remainder]
    return placed


def written(attributes: Sequence[Attribute], columns: Sequence[Ints], node: Node) -> list[tuple[str, ...]]:
    """Return rows of level-0 codes as their labels at `node`."""
    texts = []
    for attribute, column, level in zip(attributes, columns, node, strict=True):
        labels = attribute.labels[level]
        texts.append([labels[code] for code in attribute.climb(column, level)])
    return list(zip(*texts, strict=True))


def is_suppressed(row: Sequence[str]) -> bool:
    """Say whether nothing of a participant's attributes is left."""
    return bool(row) and all(cell == SUPPRESSED for cell in row)
