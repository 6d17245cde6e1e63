"""The search over the lattice, written as its definition says, for tables small enough."""

from collections import Counter
from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import product

from api.releases.sdc.closeness import t_closeness
from api.releases.sdc.hierarchy import SUPPRESSED, Hierarchy
from api.releases.sdc.safety import Sensitive

Row = tuple[str, ...]
Node = tuple[int, ...]
Option = tuple[Node, set[Row]]


def at(rows: Sequence[Row], hierarchies: Sequence[Hierarchy], node: Node) -> list[Row]:
    return [tuple(h.generalise(v, x) for h, v, x in zip(hierarchies, row, node, strict=True)) for row in rows]


def nodes(hierarchies: Sequence[Hierarchy], start: Node) -> list[Node]:
    return list(product(*(range(x, h.height + 1) for h, x in zip(hierarchies, start, strict=True))))


def cell_loss(h: Hierarchy, value: str, level: int) -> Fraction:
    if level == h.height:
        return Fraction(1)
    return Fraction(h.leaves_under(h.generalise(value, level), level) - 1, max(len(h.levels) - 1, 1))


def plain_options(
    rows: Sequence[Row],
    found: Sequence[Hierarchy],
    start: Node,
    k: int,
    most: int,
    sensitive: Sequence[Sensitive],
) -> list[Option]:
    """Return every node that gives up few enough people, with the classes given up, best first."""

    def is_safe(shown: list[Row], classes: set[Row]) -> bool:
        inside = [i for i, row in enumerate(shown) if row in classes]
        unions = [frozenset[str]().union(*(one.values[i] for i in inside)) for one in sensitive]
        enough = all(not u or len(u) >= one.l for u, one in zip(unions, sensitive, strict=True))
        return len(inside) >= k and enough

    options = []
    for node in nodes(found, start):
        shown = at(rows, found, node)
        sizes = Counter(shown)
        out = {c for c in sizes if not is_safe(shown, {c})}
        if out and len(out) < len(sizes) and not is_safe(shown, out):
            able = [(size, c) for c, size in sizes.items() if c not in out and is_safe(shown, {*out, c})]
            out = {*out, min(able)[1]} if able else set(sizes)
        left = sum(sizes[c] for c in out)
        if left > most:
            continue
        score = Fraction(0)
        for row, told in zip(rows, shown, strict=True):
            cells = zip(found, row, node, strict=True)
            score += len(found) if told in out else sum(cell_loss(h, v, x) for h, v, x in cells)
        options.append((score, left, sum(node), node, out))
    return [(node, out) for *_, node, out in sorted(options, key=lambda option: option[:4])]


def plain_finished(
    rows: Sequence[Row], found: Sequence[Hierarchy], k: int, sensitive: Sequence[Sensitive], option: Option
) -> list[Row]:
    """Return the table of one node, its remainder recoded round by round."""
    result, rest, start = [(SUPPRESSED,) * len(found)] * len(rows), list(range(len(rows))), option[0]
    while rest:
        node, out = option
        shown = dict(zip(rest, at([rows[i] for i in rest], found, node), strict=True))
        for i, row in shown.items():
            result[i] = result[i] if row in out else row
        rest = [i for i, row in shown.items() if row in out]
        left = [Sensitive(one.name, [one.values[i] for i in rest], one.l) for one in sensitive]
        if rest:
            option = plain_options([rows[i] for i in rest], found, start, k, len(rest) - 1, left)[0]
    return result


def plain_tables(
    rows: Sequence[Row], found: Sequence[Hierarchy], k: int, limit: float, sensitive: Sequence[Sensitive]
) -> Iterator[tuple[Node, list[Row]]]:
    most = int(Fraction(str(limit)) * len(rows))
    for option in plain_options(rows, found, (0,) * len(found), k, most, sensitive):
        yield option[0], plain_finished(rows, found, k, sensitive, option)


def plain_solve(
    rows: Sequence[Row],
    found: Sequence[Hierarchy],
    k: int,
    limit: float,
    sensitive: Sequence[Sensitive] = (),
) -> tuple[Node, list[Row]]:
    """Return the first finished table that holds every t."""
    for node, table in plain_tables(rows, found, k, limit, sensitive):
        if all(one.t is None or t_closeness(table, one.values, one.order) <= one.t for one in sensitive):
            return node, table
    raise AssertionError("The top holds any t.")
