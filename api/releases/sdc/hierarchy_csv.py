"""Read and write a hierarchy as `;`-separated CSV, as ARX does: no header, one line per value, one column per level.

The value stands first, its generalisations follow, the last column is one and the same label on every line:
`*` is written; any label is read as `*`, since ARX's own may be `*****` or a word. UTF-8, with or without a
byte-order mark; LF, CRLF or CR; blank lines are passed over; a cell with `;` or `"` is quoted, quotes doubled.
Every refusal is a `HierarchyError`, of one line a `HierarchyLineError`: a sentence that repeats nothing of the file.
Source: the hierarchy files of the ARX anonymisation tool.
"""

import csv
from collections.abc import Iterable, Sequence
from io import StringIO
from unicodedata import category

from api.releases.sdc.hierarchy import SUPPRESSED, Hierarchy, HierarchyError

MOST_BYTES = 5_000_000
MOST_LINES = 50_000
MOST_LEVELS = 20
LONGEST_LABEL = 200

Line = tuple[int, tuple[str, ...]]


class HierarchyLineError(HierarchyError):
    """Refuse one line of a hierarchy file; `line` counts from 1, as an editor does."""

    def __init__(self, line: int, sentence: str) -> None:
        self.line = line
        super().__init__(f"Line {line}: {sentence}")


def read(name: str, text: str | bytes, values: Iterable[str] = ()) -> Hierarchy:
    """Read the hierarchy of the quasi-identifier `name`; every one of `values` must have its line."""
    lines = _lines(text)
    _check_shape(lines)
    paths = [(number, (*cells[:-1], SUPPRESSED)) for number, cells in _topped(lines)]
    _check_values(paths)
    _check_parents(paths)
    _check_meanings(paths)
    absent = {value for value in values if value} - {path[0] for _, path in paths}
    if absent:
        raise HierarchyError(f"The hierarchy file lacks {len(absent)} of the values that answers can have.")
    return Hierarchy(name, {path[0]: path for _, path in paths})


def write(hierarchy: Hierarchy) -> str:
    """Write a hierarchy so that `read` returns an equal one; raise HierarchyError for a label it could not read."""
    paths = hierarchy.levels.values()
    if any(_unfit(label) for path in paths for label in path):
        raise HierarchyError(f"Hierarchy {hierarchy.name!r} has a label that no hierarchy file can hold.")
    text = StringIO()
    csv.writer(text, delimiter=";", lineterminator="\n").writerows(paths)
    return text.getvalue()


def _lines(text: str | bytes) -> list[Line]:
    """Return the cells of every line that is not blank, with its number; refuse what is no such CSV file."""
    if len(text) > MOST_BYTES:
        raise HierarchyError(f"A hierarchy file has at most {MOST_BYTES} bytes; this one is longer.")
    if isinstance(text, bytes):
        text = _decoded(text)
    reader = csv.reader(StringIO(text.removeprefix("\ufeff"), newline=""), delimiter=";", strict=True)
    lines: list[Line] = []
    try:
        for cells in reader:
            if cells:
                lines.append((reader.line_num, tuple(cells)))
            if len(lines) > MOST_LINES:
                raise HierarchyLineError(
                    reader.line_num, f"this is one too many; {MOST_LINES} values are the most."
                )
    except csv.Error:
        raise HierarchyLineError(
            reader.line_num, 'there is a quote (") that is not closed or not doubled, or an endless cell.'
        ) from None
    return lines


def _decoded(data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise HierarchyLineError(line, "this is not UTF-8; save the file as UTF-8.") from None


def _check_shape(lines: Sequence[Line]) -> None:
    """Refuse an empty file, lines of differing or impossible lengths, and labels that cannot stand in a cell."""
    if not lines:
        raise HierarchyError("The hierarchy file lists no values.")
    first, width = lines[0][0], len(lines[0][1])
    if width < 2:
        raise HierarchyLineError(first, "there is one column; the value and its levels are separated by ;.")
    if width > MOST_LEVELS:
        raise HierarchyLineError(first, f"there are {width} columns; {MOST_LEVELS} are the most.")
    for number, cells in lines:
        if len(cells) != width:
            raise HierarchyLineError(number, f"there are {len(cells)} columns, line {first} has {width}.")
        for column, cell in enumerate(cells, start=1):
            if _unfit(cell):
                raise HierarchyLineError(
                    number,
                    f"column {column} is empty, longer than {LONGEST_LABEL} characters,"
                    " or holds a line break or another control character.",
                )


def _unfit(label: str) -> bool:
    """Say whether a label cannot stand in a cell and be read back."""
    if not label.strip() or len(label) > LONGEST_LABEL:
        return True
    return any(sign == "\ufeff" or category(sign) in {"Cc", "Cs", "Zl", "Zp"} for sign in label)


def _topped(lines: Sequence[Line]) -> Sequence[Line]:
    """Refuse a last column that does not say the same on every line."""
    first, top = lines[0][0], lines[0][1][-1]
    for number, cells in lines:
        if cells[-1] != top:
            raise HierarchyLineError(
                number, f"the last column differs from line {first}; it is the top, one label for all values."
            )
    return lines


def _check_values(paths: Sequence[Line]) -> None:
    """Refuse a value with two lines, `*` below the top, and a path that comes back to an earlier label."""
    seen: dict[str, int] = {}
    for number, path in paths:
        known = seen.setdefault(path[0], number)
        if known != number:
            raise HierarchyLineError(number, f"the value was given before, on line {known}.")
        if SUPPRESSED in path[:-1]:
            raise HierarchyLineError(number, f"{SUPPRESSED} stands below the top level.")
        if any(path[i] != path[i - 1] and path[i] in path[: i - 1] for i in range(2, len(path))):
            raise HierarchyLineError(number, "the value comes back to an earlier label: a cycle.")


def _check_parents(paths: Sequence[Line]) -> None:
    """Refuse a label that has one parent on one line and another on another."""
    parents: dict[tuple[int, str], tuple[str, int]] = {}
    for number, path in paths:
        for level in range(1, len(path) - 1):
            parent, first = parents.setdefault((level, path[level]), (path[level + 1], number))
            if parent != path[level + 1]:
                raise HierarchyLineError(
                    number, f"the label in column {level + 1} has two parents: another one on line {first}."
                )


def _check_meanings(paths: Sequence[Line]) -> None:
    """Refuse a label that names other values in one column than in another, such as a value used as a group."""
    meanings: dict[str, tuple[set[int], int]] = {}
    for level in range(len(paths[0][1]) - 1):
        under: dict[str, set[int]] = {}
        for number, path in paths:
            under.setdefault(path[level], set()).add(number)
        for label, numbers in under.items():
            known, column = meanings.setdefault(label, (numbers, level + 1))
            if known != numbers:
                line = min(known ^ numbers)
                raise HierarchyLineError(
                    line,
                    f"the value is under a label that names different values in column {column}"
                    f" and in column {level + 1}; give the coarser one its own label.",
                )
