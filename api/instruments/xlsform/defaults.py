"""The answer that a question begins with, as its type has it."""

import re

from pydantic import JsonValue

from api.instruments.xlsform.cells import Cell
from api.instruments.xlsform.conditions import NUMBERS, number
from api.instruments.xlsform.tree import Unsaid

_WORKED_OUT = re.compile(r"\$\{|\w\(")


def default(cell: Cell, type_: str) -> JsonValue:
    """Read a default, or raise Unsaid; whether it is an answer to the question is judged later."""
    word = cell.word
    if type_ in {"short_text", "long_text"}:
        if "${" in word:
            raise Unsaid("A default is a fixed answer here: Daybook works nothing out.")
        return cell.text
    if _WORKED_OUT.search(word):
        raise Unsaid("A default is a fixed answer here: Daybook works nothing out.")
    if type_ in NUMBERS:
        return number(word)
    if type_ == "multiple_choice":
        return [*word.split()]
    if type_ == "yes_no":
        if word.lower() not in {"yes", "no"}:
            raise Unsaid("Write yes or no here.")
        return word.lower() == "yes"
    return word
