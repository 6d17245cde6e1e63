"""What SPSS allows: how names and labels are written in a .sav file."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from api.releases.tables import Column, Kind, Labels, Table

LONGEST_TEXT = 32_767
"""The bytes that a text may have in SPSS."""
_NAME, _LABEL, _VALUE_LABEL, _FILE_LABEL = 64, 255, 120, 64
_RESERVED = frozenset(["ALL", "AND", "BY", "EQ", "GE", "GT", "LE", "LT", "NE", "NOT", "OR", "TO", "WITH"])


@dataclass(frozen=True)
class SpssLabels:
    """The labels of one variable."""

    variable: str
    values: Mapping[str | int | float, str]


def names_of(table: Table) -> dict[str, str]:
    """Return the SPSS name of each column: letters, digits and _, at most 64, no reserved word.

    SPSS does not tell A from a: of two such names the second gets a number.
    """
    names: dict[str, str] = {}
    taken = set(_RESERVED)
    for column in table.columns:
        plain = re.sub(r"[^A-Za-z0-9_]", "_", column.name)
        plain = plain if plain[:1].isalpha() else f"v{plain}"
        name, number = plain[:_NAME], 1
        while name.upper() in taken:
            number += 1
            name = f"{plain[: _NAME - 1 - len(str(number))]}_{number}"
        taken.add(name.upper())
        names[column.name] = name
    return names


def labels_of(column: Column) -> SpssLabels:
    """Return a variable's labels, cut to the bytes that SPSS allows."""
    read = {Kind.INTEGER: int, Kind.FLAG: int, Kind.NUMBER: float}.get(column.kind, str)
    values = {read(value): cut(in_one(labels), _VALUE_LABEL) for value, labels in column.values.items()}
    return SpssLabels(cut(in_one(column.label), _LABEL), values)


def file_label(table: Table) -> str:
    """Return the label of a table's file."""
    return cut(table.label, _FILE_LABEL)


def cut(text: str, size: int) -> str:
    """Return as much of a text as fits into so many bytes of UTF-8."""
    return text.encode()[:size].decode(errors="ignore")


def in_one(labels: Labels) -> str:
    """Return a label in English, or in whichever language there is."""
    return labels.get("en") or next(iter(labels.values()), "")
