"""The options of a choice and the hierarchy by which a release generalises them."""

from collections.abc import Iterator
from functools import cached_property
from itertools import pairwise
from typing import Annotated, Self

from pydantic import ConfigDict, Field, JsonValue, StrictBool, StringConstraints, model_validator

from schemas.base import FieldError, Labels, Model
from schemas.questions.base import QuestionBase
from schemas.questions.checks import error
from schemas.relevance import Answers, Condition, In, evaluate

OptionValue = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_]{0,62}$")]


class Option(Model):
    """One thing that can be chosen; a removed one is offered no more but keeps its column."""

    model_config = ConfigDict(frozen=True)

    value: OptionValue
    label: Labels
    removed: StrictBool = False
    exclusive: StrictBool = False
    relevant: In | None = None
    """The answers to an earlier question for which it is offered; without, it always is."""


class ChoiceBase(QuestionBase):
    """What single and multiple choice share."""

    options: list[Option] = Field(min_length=1, max_length=300)
    hierarchy: dict[OptionValue, list[OptionValue]] | None = None
    """Each value's ancestors, finest first, without the final "*"."""

    @cached_property
    def _offered(self) -> frozenset[str]:
        return frozenset(option.value for option in self.options if not option.removed)

    @cached_property
    def _conditional(self) -> dict[str, In]:
        return {one.value: one.relevant for one in self.options if one.relevant is not None}

    def conditions(self) -> list[Condition]:
        """Return its own condition and its options'."""
        return [*super().conditions(), *self._conditional.values()]

    def applies(self, answer: JsonValue, answers: Answers, pointer: str) -> list[FieldError]:
        """Check that what was chosen is offered, given the other answers."""
        if not self._conditional:
            return []
        for value in answer if isinstance(answer, list) else [answer]:
            condition = self._conditional.get(value) if isinstance(value, str) else None
            if condition is not None and not evaluate(condition, answers):
                message = "This option does not apply, given the other answers. Please choose another."
                return error(pointer, "option_irrelevant", message)
        return []

    def value_labels(self) -> dict[str, Labels]:
        """Say what each option stands for."""
        return {option.value: option.label for option in self.options}

    def all_labels(self) -> Iterator[Labels]:
        """Walk the question's texts and its options'."""
        yield from super().all_labels()
        for option in self.options:
            yield option.label

    def _offered_schema(self) -> dict[str, JsonValue]:
        return {"enum": [option.value for option in self.options if not option.removed]}

    def _option_errors(self, answer: JsonValue, pointer: str) -> list[FieldError]:
        if not isinstance(answer, str):
            return error(pointer, "wrong_type", "Please choose one of the options shown.")
        if answer in self._offered:
            return []
        if answer in self.value_labels():
            return error(
                pointer, "removed_option", "This option is no longer offered. Please choose another."
            )
        return error(pointer, "unknown_option", "Please choose one of the options shown.")

    @model_validator(mode="after")
    def _options_are_sound(self) -> Self:
        values = [option.value for option in self.options]
        if len(set(values)) < len(values):
            raise ValueError(f"'{self.key}' lists the same option twice.")
        if all(option.removed for option in self.options):
            raise ValueError(f"'{self.key}' offers no option: all are removed.")
        if len({one.term.question for one in self._conditional.values()}) > 1:
            raise ValueError(f"The options of '{self.key}' must all depend on the same question.")
        if self.hierarchy is not None:
            _check_hierarchy(self.key, set(values), self.hierarchy)
        return self


def _check_hierarchy(key: str, values: set[str], hierarchy: dict[str, list[str]]) -> None:
    if set(hierarchy) != values:
        raise ValueError(f"The hierarchy of '{key}' must name every option and nothing else.")
    if len({len(ancestors) for ancestors in hierarchy.values()}) > 1:
        raise ValueError(f"Every option in the hierarchy of '{key}' must have the same number of levels.")
    parents: dict[tuple[int, str], str] = {}
    for ancestors in hierarchy.values():
        for level, (child, parent) in enumerate(pairwise(ancestors)):
            if parents.setdefault((level, child), parent) != parent:
                raise ValueError(f"In the hierarchy of '{key}', '{child}' has two parents.")
