"""Read and write a hierarchy as ARX does: CSV with `;`, one line per value, one column per level, no header."""

import csv
import io
from itertools import pairwise

from api.releases.sdc.hierarchy import MISSING, SUPPRESSED, Hierarchy, HierarchyError


class HierarchyLineError(HierarchyError):
    """Refuse one line of a hierarchy's file; `line` counts from 1, and the sentence repeats no cell."""

    def __init__(self, line: int, sentence: str) -> None:
        self.line = line
        super().__init__(f"Line {line}: {sentence}")


def read(name: str, text: str) -> Hierarchy:
    """Return the hierarchy in a file's text: each line runs from a value over its generalisations to `*`.

    A byte order mark, quotes, empty lines and a missing last line end are taken. Refused, with the line: another
    number of columns than the first line's, a first column given before, an empty label, a last column other
    than `*` or `*` before it, a label with two parents, a value that comes back to an earlier label (a cycle).
    What only the whole shows (no values, a label that names different values at different levels) is refused
    without one.
    """
    levels: dict[str, tuple[str, ...]] = {}
    parents: dict[tuple[int, str], str] = {}
    reader = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), delimiter=";", strict=True)
    try:
        for cells in reader:
            if cells:
                path = tuple(cell.strip() for cell in cells)
                if fault := _fault(path, levels) or _parent_fault(path, parents):
                    raise HierarchyLineError(reader.line_num, fault)
                levels[path[0]] = path
    except csv.Error:
        raise HierarchyLineError(
            reader.line_num, "this is not CSV: look for a stray quotation mark."
        ) from None
    return Hierarchy(name, levels)


def write(hierarchy: Hierarchy) -> str:
    """Return a hierarchy as a file's text, which `read` takes back."""
    file = io.StringIO(newline="")
    csv.writer(file, delimiter=";", lineterminator="\n").writerows(hierarchy.levels.values())
    return file.getvalue()


def _fault(path: tuple[str, ...], levels: dict[str, tuple[str, ...]]) -> str | None:
    """Say what is wrong with one line after those before it."""
    width = len(next(iter(levels.values()), path))
    if len(path) != width:
        return f"it has {len(path)} columns, but the first line has {width}."
    if len(path) < 2 or path[-1] != SUPPRESSED or SUPPRESSED in path[:-1]:
        return "it must end with *, and have * nowhere else."
    if MISSING in path:
        return "a label is empty."
    if path[0] in levels:
        return "this value was given before."
    if any(path[i] != path[i - 1] and path[i] in path[: i - 1] for i in range(2, len(path))):
        return "it comes back to an earlier label: a cycle."
    return None


def _parent_fault(path: tuple[str, ...], parents: dict[tuple[int, str], str]) -> str | None:
    """Say which label has another parent than in an earlier line; note the parents of this one."""
    for level, (child, parent) in enumerate(pairwise(path)):
        if parents.setdefault((level, child), parent) != parent:
            return f"the label in column {level + 1} has two parents: an earlier line names another one."
    return None
