"""Keep a spreadsheet from taking text for a formula."""

import re

RISKY = "^[ \u3000]*[=+\\-@\t\r\n\x00＝＋－＠]"
_RISKY = re.compile(RISKY)


def guard(cell: str) -> str:
    """Put an apostrophe before text that a spreadsheet could run.

    That is text whose first character, after any leading spaces (the full-width space too), is = + - @, tab,
    CR, LF or NUL, or a full-width = + - @. Nothing is removed; guarding twice is guarding once. Source:
    OWASP, CSV injection.
    """
    return "'" + cell if _RISKY.match(cell) else cell


def guarded_header(name: str) -> str:
    """Return a column name as it may stand in the first line; an empty name is refused."""
    if not name.strip():
        raise ValueError("A column needs a name.")
    return guard(name)
