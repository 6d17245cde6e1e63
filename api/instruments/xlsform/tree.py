"""An expression of XLSForm as a tree."""

from dataclasses import dataclass


class Unsaid(ValueError):
    """Something that Daybook cannot say; the words tell an author why."""


@dataclass(frozen=True)
class Ref:
    """The answer to a question, as in ${age}."""

    name: str


@dataclass(frozen=True)
class Dot:
    """The answer to the question itself."""


@dataclass(frozen=True)
class Literal:
    """A text in quotes or a number."""

    value: str | int | float


@dataclass(frozen=True)
class Name:
    """A bare name: a column of the sheet choices."""

    name: str


@dataclass(frozen=True)
class Call:
    """A function and what it is given."""

    name: str
    given: "tuple[Node, ...]"


@dataclass(frozen=True)
class Comparison:
    """Two sides and how they compare: = != < <= > >=."""

    op: str
    left: "Node"
    right: "Node"


@dataclass(frozen=True)
class Join:
    """Several terms joined by the same word, `and` or `or`."""

    word: str
    terms: "tuple[Node, ...]"


@dataclass(frozen=True)
class Paren:
    """Something in brackets, kept so that a written condition is read back as it was."""

    inner: "Node"


Node = Ref | Dot | Literal | Name | Call | Comparison | Join | Paren
