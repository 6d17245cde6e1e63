"""Roll a table of people up through every node of the lattice, each from a finer one, sorting seldom."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from math import lcm

import numpy as np

from api.releases.sdc.attribute import Attribute, Node
from api.releases.sdc.safety import Bits, Flags, Ints

_LARGEST = 2**62


Hopeless = Callable[[Ints], bool]


@dataclass(frozen=True, slots=True)
class Classes:
    """Hold the equivalence classes of a node in no order: a row, the people, and the values of each."""

    node: Node
    rows: Ints
    people: Ints
    bits: Bits


@dataclass(frozen=True, slots=True)
class _Part:
    """Hold classes, the later attributes being as they were; equal in the settled ones where `groups` is.

    `groups` are numbers below `span`.
    """

    rows: Ints
    people: Ints
    bits: Bits
    groups: Ints
    span: int


@dataclass(frozen=True, slots=True)
class _Run(_Part):
    """Hold them sorted so that those which differ in one later attribute alone are neighbours.

    `meets`: the lowest level of that attribute at which a class is one with its left neighbour.
    """

    meets: Ints

    def merged(self, level: int) -> "_Run":
        """Return the classes of a level."""
        starts = (self.meets > level).nonzero()[0]
        if len(starts) == len(self.meets):
            return self
        return _Run(
            self.rows[starts],
            np.add.reduceat(self.people, starts),
            united(self.bits, starts),
            self.groups[starts],
            self.span,
            self.meets[starts],
        )


class Table:
    """Hold the distinct rows of a table at a start node, and walk the nodes at or above it.

    Attributes are settled one after another. Classes are sorted anew whenever an attribute is taken up, so
    that those which differ in it alone are neighbours; its codes keep their order while it climbs (see
    `Attribute`), so each further level only merges neighbours, and needs no sorting. The order of attributes
    decides the speed alone: the finest first, so that hopeless nodes show early, or, where many people may be
    given up and few nodes are hopeless, the tallest last, so that sorting is seldom.
    """

    def __init__(
        self, attributes: Sequence[Attribute], columns: Sequence[Ints], bits: Bits, start: Node, most: int
    ) -> None:
        """Take level-0 codes and bits, one per person, a column per attribute; `most` people may be given up."""
        self.attributes, self.start, self.length = attributes, start, len(columns[0])
        self.most = most
        lifted = [a.climb(c, level) for a, c, level in zip(attributes, columns, start, strict=True)]
        first, self.inverse = group(lifted, self.length)
        self.codes = [
            [a.climb(column[first], level) for level in range(a.height + 1)]
            for a, column in zip(attributes, columns, strict=True)
        ]
        self.people = np.bincount(self.inverse, minlength=len(first))
        order = np.argsort(self.inverse, kind="stable")
        self.bits = united(bits[:, order], _before(self.people))
        self.scale = lcm(*(attribute.whole for attribute in attributes))
        self._lost = [
            [
                int(lost[codes] @ self.people) * (self.scale // a.whole)
                for lost, codes in zip(a.lost, mine, strict=True)
            ]
            for a, mine in zip(attributes, self.codes, strict=True)
        ]
        pairs = list(zip(attributes, start, strict=True))
        finest, tallest = [-len(a.labels[x]) for a, x in pairs], [a.height - x for a, x in pairs]
        weight = finest if most * 4 < self.length * 3 else tallest
        self._order = sorted(range(len(attributes)), key=lambda j: (weight[j], j))
        self._later = self._suffixes()

    def walk(self, hopeless: Hopeless) -> Iterator[Classes]:
        """Visit every node once, in no order that means anything, but those below a hopeless one.

        `hopeless` is asked of the people per class of some nodes; if so of one, then of all finer ones too.
        """
        rows = np.arange(len(self.people))
        part = _Part(rows, self.people, self.bits, np.zeros_like(rows), 1)
        yield from self._settle(0, part, self.start, hopeless)

    def lost(self, node: Node, rows: Ints, people: Ints) -> int:
        """Return the summed Loss of these people, each so many of a row, at a node, in units of 1 / scale."""
        parts = zip(self.attributes, self.codes, node, strict=True)
        return sum(
            int(attribute.lost[level][codes[level][rows]] @ people) * (self.scale // attribute.whole)
            for attribute, codes, level in parts
        )

    def lost_by_all(self, node: Node) -> int:
        """Return the summed Loss of everybody at a node."""
        return sum(totals[level] for totals, level in zip(self._lost, node, strict=True))

    def first(self, node: Node, rows: Ints) -> int:
        """Return the place of the row whose description at `node` comes first in the alphabet."""
        left = np.arange(len(rows))
        for attribute, codes, level in zip(self.attributes, self.codes, node, strict=True):
            ranks = attribute.ranks[level][codes[level][rows[left]]]
            left = left[ranks == ranks.min()]
        return int(left[0])

    def _suffixes(self) -> list[tuple[Ints, int]]:
        """Return, per attribute in order, the number of each row among those equal in all later attributes."""
        found = [(np.zeros(len(self.people), np.int64), 1)]
        for j in self._order[:0:-1]:
            first, inverse = group([self.codes[j][self.start[j]], found[-1][0]], len(self.people))
            found.append((inverse, len(first)))
        return found[::-1]

    def _settle(self, turn: int, part: _Part, node: Node, hopeless: Hopeless) -> Iterator[Classes]:
        """Take up the attribute whose turn it is, and settle it at each of its levels."""
        run = self._sorted(turn, part, hopeless)
        if run is None:
            return
        j = self._order[turn]
        for level in range(node[j], self.attributes[j].height + 1):
            run = run.merged(level)
            at = (*node[:j], level, *node[j + 1 :])
            if turn == len(self._order) - 1:
                yield Classes(at, run.rows, run.people, run.bits)
                continue
            labels = len(self.attributes[j].labels[level])
            settled = run.groups * labels + self.codes[j][level][run.rows]
            above = _Part(run.rows, run.people, run.bits, settled, run.span * labels)
            yield from self._settle(turn + 1, above, at, hopeless)

    def _sorted(self, turn: int, part: _Part, hopeless: Hopeless) -> _Run | None:
        """Sort by the settled, then the later attributes, then by this one; None: the settled are hopeless."""
        j = self._order[turn]
        numbers, size = self._later[turn]
        groups, span = part.groups, part.span
        if span * size > _LARGEST:
            distinct, groups = np.unique(groups, return_inverse=True)
            span = len(distinct)
        others, codes = groups * size + numbers[part.rows], self.codes[j][0][part.rows]
        order = sorted_order(others, span * size, codes, len(self.attributes[j].labels[0]))
        people, changes = part.people[order], _changes(groups[order])
        starts = changes.nonzero()[0]
        if hopeless(np.add.reduceat(people, starts)):
            return None
        others, codes = others[order], codes[order]
        meets = np.full(len(order), self.attributes[j].height + 1, np.int64)
        same = (others[1:] == others[:-1]).nonzero()[0]
        meets[same + 1] = self.attributes[j].meets(codes[same], codes[same + 1])
        bits = part.bits[:, order] if len(part.bits) else part.bits
        return _Run(part.rows[order], people, bits, changes.cumsum() - 1, len(starts), meets)


def united(bits: Bits, starts: Ints) -> Bits:
    """Return the bits of runs of neighbours that begin at `starts`: those that any of them has."""
    return np.bitwise_or.reduceat(bits, starts, axis=1) if len(bits) else bits[:, : len(starts)]


def group(columns: Sequence[Ints], length: int) -> tuple[Ints, Ints]:
    """Return each class's first row and each row's class; classes are in lexicographic order of their codes.

    Columns are combined by mixed radix, renumbered when the next digit would pass 2**62.
    """
    key, span = np.zeros(length, np.int64), 1
    for column in columns:
        size = int(column.max(initial=0)) + 1
        if span * size > _LARGEST:
            distinct, key = np.unique(key, return_inverse=True)
            span = len(distinct)
        key, span = key * size + column, span * size
    _, first, inverse = np.unique(key, return_index=True, return_inverse=True)
    return first.astype(np.int64), inverse.astype(np.int64)


def _changes(column: Ints) -> Flags:
    """Mark the first of each run of equal neighbours."""
    found = np.empty(len(column), np.bool_)
    found[:1] = True
    np.not_equal(column[1:], column[:-1], out=found[1:])
    return found


def sorted_order(outer: Ints, span: int, inner: Ints, size: int) -> Ints:
    """Return the order by two keys, numbers below `span` and `size`.

    Where all fits into 62 bits: by sorting one number that also holds its place, which is quickest.
    """
    bits = len(outer).bit_length()
    if (span * size) << bits > _LARGEST:
        return np.lexsort((inner, outer))
    packed = (outer * size + inner) << bits | np.arange(len(outer))
    packed.sort()
    return packed & ((1 << bits) - 1)


def _before(people: Ints) -> Ints:
    """Return how many people come before each class."""
    return np.cumsum(people) - people
