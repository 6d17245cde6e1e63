"""Search the lattice of generalisations for the least lossy table in which every class has k people."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from math import floor

import numpy as np

from api.releases.sdc.attribute import Attribute, Node
from api.releases.sdc.closeness import fewest_values, t_closeness
from api.releases.sdc.distances import Distances
from api.releases.sdc.hierarchy import SUPPRESSED, Hierarchy, HierarchyError
from api.releases.sdc.recoding import Choice, is_suppressed, ranked, recode, search, written
from api.releases.sdc.rollup import Table
from api.releases.sdc.safety import Ints, Sensitive, bits_of, rule_of


class Unreachable(ValueError):
    """Refuse a k or an l that no node of the lattice reaches, not even the top one.

    The top puts everybody in one class. So k is out of reach exactly when there are fewer participants, and
    `best_k` is then their number; l is when all participants together have fewer different values of the
    attribute `sensitive` (None: k is what fails), and `best_l` is then how many. Neither is lowered silently.
    """

    def __init__(self, k: int, participants: int, best_k: int, failed: Sensitive | None = None) -> None:
        self.k, self.participants, self.best_k = k, participants, best_k
        self.sensitive = failed.name if failed else None
        self.l, self.best_l = (failed.l, failed.distinct) if failed else (0, 0)
        sentence = f"k = {k} cannot be reached with {participants} participants; at most {best_k} can."
        if failed:
            sentence = (
                f"l = {self.l} cannot be reached for {failed.name!r}: all participants together have"
                f" {self.best_l} different values; at most l = {self.best_l} can."
            )
        super().__init__(sentence)


@dataclass(frozen=True)
class Solution:
    """Hold a table in which every class has k people, in the order given, and the account of its making.

    `node`: level per attribute of the global generalisation. `suppressed`: participants whose attributes are
    all `*` (everybody, if `node` is the top). `recoded`: participants placed at a coarser node than `node`
    with something left. `cells_suppressed`: cells that are `*` where `node` does not put a `*`. `loss`: per
    attribute the mean over participants of (leaves under the value - 1) / (leaves - 1), where `*` counts 1;
    0 keeps all, 1 nothing. `class_sizes`: people per class, smallest first, the `*` rows being one class.
    `l_reached`: per sensitive attribute the fewest different values in a class that has any (0: none has).
    """

    node: Node
    rows: tuple[tuple[str, ...], ...]
    suppressed: int
    recoded: int
    cells_suppressed: int
    loss: dict[str, float]
    k_reached: int
    class_sizes: tuple[int, ...]
    l_reached: dict[str, int] = field(default_factory=dict)


def solve(
    rows: Sequence[tuple[str, ...]],
    hierarchies: Sequence[Hierarchy],
    k: int,
    suppression_limit: float = 0.05,
    sensitive: Sequence[Sensitive] = (),
    alive: Callable[[], None] = lambda: None,
) -> Solution:
    """Return the least lossy generalisation of `rows` (one per participant) with k people in every class.

    With `sensitive` attributes a class also needs l different values of each, or none at all: whatever is
    said of k below holds of both ("safe", see `Sensitive`).

    Full-domain generalisation, searched exhaustively: at each node the participants in classes below k are
    its remainder, at most floor(suppression_limit * n). Objective: the mean Loss over the attributes, a
    remaining participant counting 1; ties: fewest remaining, lowest height, lexicographic node. The remainder
    is then recoded in groups at coarser nodes, and what is left is written `*`.

    With a t, the finished table of the best node must hold it, or else that of the next best, and so on: the
    first that does is returned. Where everybody is one class, t is 0. As that may take minutes, `alive` is called
    before each table is looked at.

    The `*` rows are a class like any other and must number 0 or at least k. So a node whose remainder is
    between 1 and k - 1 also gives up its smallest class (lexicographically first of equals) if that stays
    within the limit, and is rejected otherwise: below k / suppression_limit participants generalisation does
    all the work. A missing answer is a category of its own. Without attributes everybody is one class.
    Raises `Unreachable` when n < k (n = 0 included) or l is out of reach, `HierarchyError` for an unknown value,
    `ValueError` for k < 1, a limit outside 0..1, a row of the wrong width or a name given twice.
    """
    _check(rows, hierarchies, k, suppression_limit, sensitive)
    if hierarchies:
        most = floor(suppression_limit * len(rows) + 1e-9)
        solution = _solved(rows, hierarchies, k, most, sensitive, alive)
    else:
        solution = _account((), hierarchies, rows, {}, 0, sensitive)
    return _checked(solution, k, sensitive)


def _solved(
    rows: Sequence[tuple[str, ...]],
    hierarchies: Sequence[Hierarchy],
    k: int,
    most: int,
    sensitive: Sequence[Sensitive],
    alive: Callable[[], None],
) -> Solution:
    """Search, recode and write, giving up at most `most` participants."""
    attributes = [Attribute.of(hierarchy) for hierarchy in hierarchies]
    columns = [
        _codes(hierarchy, a, [row[j] for row in rows])
        for j, (hierarchy, a) in _pairs(hierarchies, attributes)
    ]
    rule, bits = rule_of(k, sensitive), bits_of(len(rows), sensitive)
    table = Table(attributes, columns, bits, (0,) * len(attributes), most)

    def finished(choice: Choice) -> Solution:
        rest = np.flatnonzero(choice.remainder)
        parts = [(np.flatnonzero(~choice.remainder), choice.node)]
        parts += recode(attributes, columns, bits, rest, choice.node, rule)
        result, lost = _assembled(attributes, columns, parts)
        loss = {h.name: lost[j] / (a.whole * len(rows)) for j, (h, a) in _pairs(hierarchies, attributes)}
        return _account(choice.node, hierarchies, result, loss, len(rest), sensitive)

    if all(one.t is None for one in sensitive):
        return finished(search(table, rule))
    far = Distances(attributes, columns, sensitive)

    def may_do(choice: Choice) -> bool:
        alive()
        return not far.too_far(choice)

    close_enough = filter(may_do, ranked(table, rule))
    return next(found for choice in close_enough if _is_close(found := finished(choice), sensitive))


def _is_close(solution: Solution, sensitive: Sequence[Sensitive]) -> bool:
    """Say whether t holds of every class as it is written; it does where everybody is one class."""
    return all(
        one.t is None or t_closeness(solution.rows, one.values, one.order) <= one.t for one in sensitive
    )


def _pairs(
    hierarchies: Sequence[Hierarchy], attributes: Sequence[Attribute]
) -> Iterator[tuple[int, tuple[Hierarchy, Attribute]]]:
    return enumerate(zip(hierarchies, attributes, strict=True))


def _check(
    rows: Sequence[tuple[str, ...]],
    hierarchies: Sequence[Hierarchy],
    k: int,
    limit: float,
    sensitive: Sequence[Sensitive],
) -> None:
    """Refuse what no search can make sense of, and what cannot be reached."""
    if k < 1:
        raise ValueError(f"k counts people and is at least 1, not {k}.")
    if not 0 <= limit <= 1:
        raise ValueError(f"The suppression limit is a share between 0 and 1, not {limit}.")
    for names in ([one.name for one in hierarchies], [one.name for one in sensitive]):
        if len(set(names)) != len(names):
            raise ValueError("Two hierarchies or two sensitive attributes have the same name.")
    if any(len(row) != len(hierarchies) for row in rows):
        raise ValueError(f"Every participant needs {len(hierarchies)} values, one per hierarchy.")
    if any(len(one.values) != len(rows) for one in sensitive):
        raise ValueError("Every participant needs a set of values of every sensitive attribute.")
    if len(rows) < k:
        raise Unreachable(k, len(rows), len(rows))
    for one in sensitive:
        if 0 < one.distinct < one.l:
            raise Unreachable(k, len(rows), len(rows), one)


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
    sensitive: Sequence[Sensitive],
) -> Solution:
    """Count the finished table from scratch; `rest` is how many participants the search left to recoding."""
    classes = Counter(rows)
    sizes = tuple(sorted(classes.values()))
    suppressed = sum(n for row, n in classes.items() if is_suppressed(row))
    below = [j for j, hierarchy in enumerate(hierarchies) if node[j] < hierarchy.height]
    return Solution(
        node=node,
        rows=tuple(rows),
        suppressed=suppressed,
        recoded=rest - suppressed if rest else 0,
        cells_suppressed=sum(n * sum(row[j] == SUPPRESSED for j in below) for row, n in classes.items()),
        loss=loss,
        k_reached=sizes[0],
        class_sizes=sizes,
        l_reached={one.name: fewest_values(rows, one.values) for one in sensitive},
    )


def _checked(solution: Solution, k: int, sensitive: Sequence[Sensitive]) -> Solution:
    """Return what was counted from scratch and found safe: a bug here must never become a release."""
    if solution.k_reached < k:
        raise AssertionError(f"The table has a class of {solution.k_reached} participants; k is {k}.")
    for one in sensitive:
        if 0 < solution.l_reached[one.name] < one.l:
            raise AssertionError(f"The table has a class with too few values of {one.name!r}; l is {one.l}.")
    return solution
