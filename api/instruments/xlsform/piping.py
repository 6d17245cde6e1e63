"""Names of questions in texts: ${headline} in a workbook, {headline} in ours."""

import re

from api.instruments.xlsform.tree import Unsaid

_REFERENCE = re.compile(r"\$\{\s*([^{}]*?)\s*\}")
_OURS = re.compile(r"(?<!\$)\{([a-z][a-z0-9_]*)\}")


def read(text: str, asked: set[str]) -> str:
    """Turn ${key} into {key}, or raise Unsaid."""
    if any(name not in asked for name in _REFERENCE.findall(text)):
        raise Unsaid("This text names a question that the sheet survey does not have.")
    if any(name in asked for name in _OURS.findall(text)):
        raise Unsaid("To show an earlier answer in a text write ${name}, with a dollar sign.")
    return _REFERENCE.sub(r"{\1}", text)


def write(text: str, asked: set[str]) -> str:
    """Turn {key} into ${key}, or raise Unsaid where a text already holds what would be taken for one."""
    if _REFERENCE.search(text):
        raise Unsaid("A text holds ${...}, which XLSForm takes for the answer to a question.")
    return _OURS.sub(lambda found: f"${found[0]}" if found[1] in asked else found[0], text)
