"""The small words of a workbook: names, yes and no, whole numbers."""

import re

from api.instruments.xlsform.cells import Row
from api.instruments.xlsform.findings import Findings

NAME_RULE = (
    "A name has at most 63 small letters, digits and _ (no capitals, hyphens or spaces),"
    " and that of a question begins with a letter."
)
_KEY = re.compile(r"[a-z][a-z0-9_]{0,62}")
_VALUE = re.compile(r"[a-z0-9][a-z0-9_]{0,62}")
_YES = {"yes", "true", "true()", "1"}
_NO = {"", "no", "false", "false()", "0"}


def is_key(text: str) -> bool:
    """Tell whether this can be the key of a question."""
    return _KEY.fullmatch(text) is not None


def is_value(text: str) -> bool:
    """Tell whether this can be the value of an option."""
    return _VALUE.fullmatch(text) is not None


def flag(row: Row, column: str, findings: Findings) -> bool:
    """Read yes or no; empty is no."""
    word = row.word(column).lower()
    if word not in _YES | _NO:
        findings.refuse(row.place(column), "yes_or_no", "Write yes or no here; Daybook takes no condition.")
    return word in _YES


def whole(row: Row, column: str, findings: Findings) -> int | None:
    """Read a whole number; empty is none."""
    word = row.word(column)
    if word and not re.fullmatch(r"-?[0-9]{1,9}", word):
        findings.refuse(row.place(column), "number", "Write a whole number here.")
        return None
    return int(word) if word else None
