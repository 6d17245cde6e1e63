"""Describe a participant whose quasi-identifiers changed over time: one row, the multiset of their tuples.

A history is one tuple per period, oldest first; a period that repeats the one before is no change. The row
joins the tuples, in an order that does not depend on time, per attribute: "council + university" and
"Leeds + Exeter" is one who had ("council", "Leeds") and ("university", "Exeter"), in either order. Two rows
are equal exactly if the multisets are, so that k, the classes and the lattice treat it as any other row.

At a coarser level every part of a cell climbs, and a cell whose parts have become equal is written once, for
at that level nothing has changed. Rows that are equal there stand for multisets that are equal but for that.
Source: the definitions of this project.
"""

from collections.abc import Sequence
from itertools import groupby

from api.releases.sdc.hierarchy import MISSING, Hierarchy, HierarchyError

JOINT = " + "
NO_ANSWER = "(no answer)"

Row = tuple[str, ...]


def described(
    histories: Sequence[Sequence[Row]], hierarchies: Sequence[Hierarchy]
) -> tuple[list[Row], list[Hierarchy]]:
    """Return one row per participant, and hierarchies that also know the joint cells.

    The joint values count as leaves of what they climb to. Raises ValueError for an empty history or a tuple
    of the wrong width, `HierarchyError` for an unknown value and for one that reads like a joint value.
    """
    rows: list[Row] = []
    joints: list[dict[Row, None]] = [{} for _ in hierarchies]
    for history in histories:
        cells = _ordered(history, hierarchies)
        rows.append(tuple(map(joined, cells)))
        for known, parts in zip(joints, cells, strict=True):
            if len(set(parts)) > 1:
                known[parts] = None
    return rows, [_extended(h, known) for h, known in zip(hierarchies, joints, strict=True)]


def joined(parts: Sequence[str]) -> str:
    """Write the parts of one cell: once if all are equal, else one after another."""
    if len(set(parts)) == 1:
        return parts[0]
    return JOINT.join(part.replace("\\", "\\\\").replace("+", "\\+") or NO_ANSWER for part in parts)


def _ordered(history: Sequence[Row], hierarchies: Sequence[Hierarchy]) -> list[Row]:
    """Return the parts of each cell: tuples sorted by what they climb to, the coarsest first."""
    periods = [row for row, _ in groupby(map(tuple, history))]
    if not periods or any(len(row) != len(hierarchies) for row in periods):
        raise ValueError(f"A participant needs at least one tuple of {len(hierarchies)} values.")
    periods.sort(key=lambda row: [_path(h, value)[::-1] for h, value in zip(hierarchies, row, strict=True)])
    return list(zip(*periods, strict=True))


def _path(hierarchy: Hierarchy, value: str) -> Row:
    return tuple(hierarchy.generalise(value, level) for level in range(hierarchy.height + 1))


def _extended(hierarchy: Hierarchy, joints: dict[Row, None]) -> Hierarchy:
    levels = dict(hierarchy.levels)
    for parts in joints:
        path = tuple(map(joined, zip(*(_path(hierarchy, part) for part in parts), strict=True)))
        if path[0] in levels or (NO_ANSWER in parts and MISSING not in parts):
            raise HierarchyError(f"Hierarchy {hierarchy.name!r} has a value that reads like a joint one.")
        levels[path[0]] = path
    return Hierarchy(hierarchy.name, levels)
