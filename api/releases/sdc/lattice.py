"""Search the lattice of generalisations for the least lossy table in which every class has k people."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import floor

import numpy as np

from api.releases.sdc.hierarchy import SUPPRESSED, Hierarchy, HierarchyError
from api.releases.sdc.recoding import Attribute, Ints, Node, is_suppressed, recode, search, written


class Unreachable(ValueError):
    """Refuse a k that no node of the lattice reaches, not even the top one.

    The top puts everybody in one class, so this happens exactly when there are fewer participants than k,
    and `best_k` is then their number. k is never lowered silently.
    """

    def __init__(self, k: int, participants: int, best_k: int) -> None:
        self.k, self.participants, self.best_k = k, participants, best_k
        super().__init__(f"k = {k} cannot be reached with {participants} participants; at most {best_k} can.")


@dataclass(frozen=True)
class Solution:
    """Hold a table in which every class has k people, in the order given, and the account of its making.

    `node`: level per attribute of the global generalisation. `suppressed`: participants whose attributes are
    all `*` (everybody, if `node` is the top). `recoded`: participants placed at a coarser node than `node`
    with something left. `cells_suppressed`: cells that are `*` where `node` does not put a `*`. `loss`: per
    attribute the mean over participants of (leaves under the value - 1) / (leaves - 1), where `*` counts 1;
    0 keeps all, 1 nothing. `class_sizes`: people per class, smallest first, the `*` rows being one class.
    """

    node: Node
    rows: tuple[tuple[str, ...], ...]
    suppressed: int
    recoded: int
    cells_suppressed: int
    loss: dict[str, float]
    k_reached: int
    class_sizes: tuple[int, ...]


def solve(
    rows: Sequence[tuple[str, ...]], hierarchies: Sequence[Hierarchy], k: int, suppression_limit: float = 0.05
) -> Solution:
    """Return the least lossy generalisation of `rows` (one per participant) with k people in every class.

    Full-domain generalisation, searched exhaustively: at each node the participants in classes below k are
    its remainder, at most floor(suppression_limit * n). Objective: the mean Loss over the attributes, a
    remaining participant counting 1; ties: fewest remaining, lowest height, lexicographic node. The remainder
    is then recoded in groups at coarser nodes, and what is left is written `*`.

    The `*` rows are a class like any other and must number 0 or at least k. So a node whose remainder is
    between 1 and k - 1 also gives up its smallest class (lexicographically first of equals) if that stays
    within the limit, and is rejected otherwise: below k / suppression_limit participants generalisation does
    all the work. A missing answer is a category of its own. Without attributes everybody is one class.
    Raises `Unreachable` when n < k (n = 0 included), `HierarchyError` for an unknown value, `ValueError` for
    k < 1, a limit outside 0..1, a row of the wrong width or two hierarchies of one name.
    """
    _check(rows, hierarchies, k, suppression_limit)
    if len(rows) < k:
        raise Unreachable(k, len(rows), len(rows))
    if not hierarchies:
        return _account((), hierarchies, rows, {}, 0)
    attributes = [Attribute.of(hierarchy) for hierarchy in hierarchies]
    columns = [
        _codes(hierarchy, a, [row[j] for row in rows])
        for j, (hierarchy, a) in _pairs(hierarchies, attributes)
    ]
    most = floor(suppression_limit * len(rows) + 1e-9)
    choice = search(attributes, columns, (0,) * len(attributes), k, most)
    rest = np.flatnonzero(choice.remainder)
    parts = [(np.flatnonzero(~choice.remainder), choice.node)]
    parts += recode(attributes, columns, rest, choice.node, k)
    result, lost = _assembled(attributes, columns, parts)
    loss = {h.name: lost[j] / (a.whole * len(rows)) for j, (h, a) in _pairs(hierarchies, attributes)}
    solution = _account(choice.node, hierarchies, result, loss, len(rest))
    if solution.k_reached < k:  # counted from scratch: a bug here must never become a release
        raise AssertionError(f"The table has a class of {solution.k_reached} participants; k is {k}.")
    return solution


def _pairs(
    hierarchies: Sequence[Hierarchy], attributes: Sequence[Attribute]
) -> Iterator[tuple[int, tuple[Hierarchy, Attribute]]]:
    return enumerate(zip(hierarchies, attributes, strict=True))


def _check(rows: Sequence[tuple[str, ...]], hierarchies: Sequence[Hierarchy], k: int, limit: float) -> None:
    """Refuse what no search can make sense of."""
    if k < 1:
        raise ValueError(f"k counts people and is at least 1, not {k}.")
    if not 0 <= limit <= 1:
        raise ValueError(f"The suppression limit is a share between 0 and 1, not {limit}.")
    if len({hierarchy.name for hierarchy in hierarchies}) != len(hierarchies):
        raise ValueError("Two hierarchies have the same name.")
    if any(len(row) != len(hierarchies) for row in rows):
        raise ValueError(f"Every participant needs {len(hierarchies)} values, one per hierarchy.")


def _codes(hierarchy: Hierarchy, attribute: Attribute, values: Sequence[str]) -> Ints:
    """Return the level-0 code of every value; refuse an unknown value."""
    codes = {label: code for code, label in enumerate(attribute.labels[0])}
    for value in set(values) - set(codes):
        raise HierarchyError(f"Hierarchy {hierarchy.name!r} does not know the value {value!r}.")
    return np.array([codes[value] for value in values], np.int64)


def _assembled(
    attributes: Sequence[Attribute], columns: Sequence[Ints], parts: Sequence[tuple[Ints, Node]]
) -> tuple[list[tuple[str, ...]], list[int]]:
    """Return all rows as written, in their first order, and per attribute the sum of leaves lost."""
    result: dict[int, tuple[str, ...]] = {}
    lost = [0] * len(attributes)
    for members, node in parts:
        mine = [column[members] for column in columns]
        result.update(zip(members.tolist(), written(attributes, mine, node), strict=True))
        for j, attribute in enumerate(attributes):
            lost[j] += int(attribute.lost[node[j]][attribute.climb(mine[j], node[j])].sum())
    return [result[row] for row in range(len(columns[0]))], lost


def _account(
    node: Node,
    hierarchies: Sequence[Hierarchy],
    rows: Sequence[tuple[str, ...]],
    loss: dict[str, float],
    rest: int,
) -> Solution:
    """Count the finished table from scratch; `rest` is how many participants the search left to recoding."""
    sizes = tuple(sorted(Counter(rows).values()))
    suppressed = sum(map(is_suppressed, rows))
    below = [j for j, hierarchy in enumerate(hierarchies) if node[j] < hierarchy.height]
    return Solution(
        node=node,
        rows=tuple(rows),
        suppressed=suppressed,
        recoded=rest - suppressed if rest else 0,
        cells_suppressed=sum(row[j] == SUPPRESSED for row in rows for j in below),
        loss=loss,
        k_reached=sizes[0],
        class_sizes=sizes,
    )
