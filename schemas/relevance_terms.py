"""The terms of conditions: a question and what its answer is held against."""

from typing import Annotated, Literal

from pydantic import ConfigDict, Field, StrictBool, StrictFloat, StrictInt

from schemas.base import Key, Model, Text

_WholeNumber = Annotated[StrictInt, Field(ge=-(10**15), le=10**15)]
Number = _WholeNumber | Annotated[StrictFloat, Field(ge=-1e15, le=1e15, allow_inf_nan=False)]
Scalar = StrictBool | Number | Annotated[Text, Field(strict=True, max_length=200)]
MAX_TERMS = 50


class _Term(Model):
    model_config = ConfigDict(frozen=True)
    question: Key


class EqualsTerm(_Term):
    """A question and the one answer it must have."""

    value: Scalar


class InTerm(_Term):
    """A question and the answers it may have."""

    values: Annotated[list[Scalar], Field(min_length=1, max_length=MAX_TERMS)]


class AnsweredTerm(_Term):
    """A question that must have an answer."""


class CompareTerm(_Term):
    """A question whose numeric answer is compared with a number."""

    op: Literal["lt", "le", "gt", "ge"]
    value: Number
