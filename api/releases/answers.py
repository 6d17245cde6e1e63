"""How the answers to each type of question are read and written, a column at a time.

One line per type in each register; a test compares every type with what its own `cells` writes.
"""

from collections.abc import Iterable

import polars as pl

from api.releases.tables import Kind
from schemas.questions import (
    MultipleChoiceQuestion,
    NumberQuestion,
    QuestionBase,
    RepeatGroupQuestion,
)

_WORDS = ("single_choice", "short_text", "long_text", "date", "date_time", "time")
_COUNTS = ("scale", "percentage", "duration")
_READ: dict[str, pl.DataType] = {
    **dict.fromkeys(_WORDS, pl.String()),
    **dict.fromkeys((*_COUNTS, "number"), pl.Float64()),  # 3.0 is a whole number too
    "yes_no": pl.Boolean(),
    "multiple_choice": pl.List(pl.String()),
}
_KINDS: dict[str, Kind] = {
    **dict.fromkeys(_WORDS, Kind.CODE),
    **dict.fromkeys(_COUNTS, Kind.INTEGER),
    "short_text": Kind.TEXT,
    "long_text": Kind.TEXT,
    "yes_no": Kind.FLAG,
    "multiple_choice": Kind.FLAG,
    "repeat_group": Kind.INTEGER,
}


def stored_type(question: QuestionBase) -> pl.DataType:
    """Return the type in which the answers to a question (no repeat) are read; it never changes with a version."""
    return _READ[question.type]


def kind_of(question: QuestionBase) -> Kind:
    """Return what the cells of a question's columns hold."""
    if isinstance(question, NumberQuestion):
        return Kind.NUMBER if question.decimals else Kind.INTEGER
    return _KINDS[question.type]


def written(answer: pl.Expr, asked: Iterable[tuple[pl.Expr, QuestionBase]], name: str) -> pl.Expr:
    """Return one column of a question: `name` as its `columns()` call it.

    `asked` pairs each version's question with whether a row is of that version: an option that a version did
    not offer is empty in its rows, never "not chosen".
    """
    pairs = list(asked)
    question = pairs[-1][1]
    if isinstance(question, RepeatGroupQuestion):
        return answer.list.len()
    if isinstance(question, MultipleChoiceQuestion):
        chosen = answer.list.contains(name.removeprefix(f"{question.key}__"))
        offered = [here for here, one in pairs if name in one.columns()]
        return chosen if len(offered) == len(pairs) else pl.when(pl.any_horizontal(offered)).then(chosen)
    return answer
