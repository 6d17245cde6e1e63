"""When a question is asked: conditions as data, judged alike by the server and by the phone."""

import math
from abc import abstractmethod
from collections.abc import Iterator, Mapping
from typing import Annotated

from pydantic import AfterValidator, ConfigDict, Discriminator, Field, JsonValue, Tag

from schemas.base import Model
from schemas.relevance_terms import MAX_TERMS, AnsweredTerm, CompareTerm, EqualsTerm, InTerm, Scalar

MAX_DEPTH = 10
Answers = Mapping[str, JsonValue]


class _Condition(Model):
    # "all", "any", "not" and "in" are words of Python: in the file as on the wire they stay, by alias.
    model_config = ConfigDict(frozen=True, serialize_by_alias=True)

    @abstractmethod
    def _holds(self, answers: Answers) -> bool:
        """Tell whether the condition is true of these answers."""

    def _inner(self) -> "list[Condition]":
        return []


class All(_Condition):
    """True when every inner condition is."""

    terms: "list[Condition]" = Field(alias="all", min_length=1, max_length=MAX_TERMS)

    def _holds(self, answers: Answers) -> bool:
        return all(evaluate(term, answers) for term in self.terms)

    def _inner(self) -> "list[Condition]":
        return self.terms


class Any(_Condition):
    """True when at least one inner condition is."""

    terms: "list[Condition]" = Field(alias="any", min_length=1, max_length=MAX_TERMS)

    def _holds(self, answers: Answers) -> bool:
        return any(evaluate(term, answers) for term in self.terms)

    def _inner(self) -> "list[Condition]":
        return self.terms


class Not(_Condition):
    """True when its inner condition is not."""

    term: "Condition" = Field(alias="not")

    def _holds(self, answers: Answers) -> bool:
        return not evaluate(self.term, answers)

    def _inner(self) -> "list[Condition]":
        return [self.term]


class Equals(_Condition):
    """True when the answer is this value, or holds it if several may be chosen."""

    term: EqualsTerm = Field(alias="equals")

    def _holds(self, answers: Answers) -> bool:
        return _among(answers.get(self.term.question), [self.term.value])


class In(_Condition):
    """True when the answer, or one of several chosen, is among these values."""

    term: InTerm = Field(alias="in")

    def _holds(self, answers: Answers) -> bool:
        return _among(answers.get(self.term.question), self.term.values)


class Answered(_Condition):
    """True when the question has an answer; an empty text or list is none."""

    term: AnsweredTerm = Field(alias="answered")

    def _holds(self, answers: Answers) -> bool:
        answer = answers.get(self.term.question)
        return not (answer is None or answer in ("", []))


class Compare(_Condition):
    """True when the answer is a number on the named side of the value."""

    term: CompareTerm = Field(alias="compare")

    def _holds(self, answers: Answers) -> bool:
        answer, value = answers.get(self.term.question), self.term.value
        if isinstance(answer, bool) or not isinstance(answer, int | float):
            return False
        if isinstance(answer, float) and not math.isfinite(answer):
            return False
        sides = {"lt": answer < value, "le": answer <= value, "gt": answer > value, "ge": answer >= value}
        return sides[self.term.op]


def _same(answer: JsonValue, value: Scalar) -> bool:
    # In JSON true is not 1; in Python it is.
    return isinstance(answer, bool) is isinstance(value, bool) and answer == value


def _among(answer: JsonValue, values: list[Scalar]) -> bool:
    chosen = answer if isinstance(answer, list) else [answer]
    return any(_same(one, value) for one in chosen for value in values)


def _depth(condition: "Condition") -> int:
    return 1 + max((_depth(term) for term in condition._inner()), default=0)


def _shallow(condition: "Condition") -> "Condition":
    if _depth(condition) > MAX_DEPTH:
        raise ValueError(f"A condition may be nested at most {MAX_DEPTH} deep.")
    return condition


def _operator(data: object) -> str | None:
    if isinstance(data, _Condition):
        return type(data).__name__.lower()
    return str(next(iter(data))) if isinstance(data, dict) and len(data) == 1 else None


Condition = Annotated[
    Annotated[All, Tag("all")]
    | Annotated[Any, Tag("any")]
    | Annotated[Not, Tag("not")]
    | Annotated[Equals, Tag("equals")]
    | Annotated[In, Tag("in")]
    | Annotated[Answered, Tag("answered")]
    | Annotated[Compare, Tag("compare")],
    Discriminator(_operator),
    AfterValidator(_shallow),
]

for _model in (All, Any, Not):
    _model.model_rebuild()


def evaluate(condition: Condition, answers: Answers) -> bool:
    """Tell whether a condition holds; never raises, and a missing answer equals nothing."""
    return condition._holds(answers)


def leaves(condition: Condition) -> Iterator[Equals | In | Answered | Compare]:
    """Walk the terms of a condition that name a question."""
    if isinstance(condition, All | Any | Not):
        for term in condition._inner():
            yield from leaves(term)
    else:
        yield condition


def questions_of(condition: Condition) -> set[str]:
    """Name the questions that a condition depends on."""
    return {leaf.term.question for leaf in leaves(condition)}
