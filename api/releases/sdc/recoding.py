"""Search the nodes for the least lossy one, and recode what it leaves group by group at coarser ones."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from api.releases.sdc.attribute import Attribute, Node
from api.releases.sdc.hierarchy import SUPPRESSED
from api.releases.sdc.rollup import Table, group, united
from api.releases.sdc.safety import Bits, Flags, Ints, Rule

Score = tuple[int, int, int, Node]
"""Summed Loss, people remaining, height, node: the least is the best."""


@dataclass(frozen=True)
class Choice:
    """Say which node won, and for each row whether it stays in the remainder."""

    node: Node
    remainder: Flags


def search(table: Table, rule: Rule) -> Choice:
    """Return the best node of a table that leaves at most as many people as it may give up.

    Every node is looked at, but for those below one at which already more people are in classes below k. The
    objective is the sum of Loss in exact integers, a remaining person counting 1 per attribute; ties go to
    fewest people remaining, then the lowest height, then the lexicographically first
    node. People who would not be safe as one class are refused with ValueError.
    """
    *_, node = min(_scores(table, rule, best_only=True))
    return Choice(node, _left_by(table, rule, node))


def ranked(table: Table, rule: Rule) -> Iterator[Choice]:
    """Yield all such nodes, best first; the top, at which everybody is one class, is among them."""
    for *_, node in sorted(_scores(table, rule, best_only=False)):
        yield Choice(node, _left_by(table, rule, node))


def _scores(table: Table, rule: Rule, *, best_only: bool) -> Iterator[Score]:
    """Yield the scores of nodes that leave few enough people, the best among them; the others may be left out."""
    if not rule.safe_together(table.people, table.bits):
        raise ValueError(f"{table.length} participants cannot make a class of {rule.k}, or lack values.")
    whole = len(table.attributes) * table.scale
    least = table.length * whole

    def hopeless(people: Ints) -> bool:
        """Say so where too many people are in classes below k: at a finer node they are no fewer."""
        return int(people[people < rule.k].sum()) > table.most

    for classes in table.walk(hopeless):
        if hopeless(classes.people):
            continue
        rows = classes.rows
        out = _remainder(table, rule, classes.node, rows, classes.people, classes.bits)
        left = int(classes.people[out].sum())
        if left > table.most or (best_only and left * whole > least):
            continue
        score = table.lost_by_all(classes.node)
        if left:
            score += left * whole - table.lost(classes.node, rows[out], classes.people[out])
        least = min(least, score)
        yield score, left, sum(classes.node), classes.node


def _remainder(table: Table, rule: Rule, node: Node, rows: Ints, people: Ints, bits: Bits) -> Flags:
    def first(candidates: Ints) -> int:
        return int(candidates[table.first(node, rows[candidates])])

    return rule.remainder(people, bits, first)


def _left_by(table: Table, rule: Rule, node: Node) -> Flags:
    """Say of every person whether they are in the remainder of a node, counted from scratch."""
    columns = [codes[level] for codes, level in zip(table.codes, node, strict=True)]
    rows, inverse = group(columns, len(table.people))
    order = np.argsort(inverse, kind="stable")
    starts = np.searchsorted(inverse[order], np.arange(len(rows)))
    people, bits = np.add.reduceat(table.people[order], starts), united(table.bits[:, order], starts)
    return _remainder(table, rule, node, rows, people, bits)[inverse][table.inverse]


def recode(
    attributes: Sequence[Attribute], columns: Sequence[Ints], bits: Bits, rest: Ints, start: Node, rule: Rule
) -> list[tuple[Ints, Node]]:
    """Place the remaining rows, group by group, at the best coarser nodes; those left over go to the top.

    `rest` holds row numbers (none, or people who would be safe as one class). Each round searches the nodes at
    or above `start` over the rows still remaining, places at least one class, and leaves nobody or a safe
    class; the top places all, so it ends. A group cannot fall into a class placed before it: one label names
    one set of values, so it would have been in that class already. Returns (row numbers, node) per round.
    """
    placed: list[tuple[Ints, Node]] = []
    while len(rest):
        table = Table(attributes, [column[rest] for column in columns], bits[:, rest], start, len(rest) - 1)
        choice = search(table, rule)
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
