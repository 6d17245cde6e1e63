"""A few questions asked again for each of several things."""

from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING, Literal, Self

from pydantic import Field, JsonValue, StrictInt, model_validator

from schemas.base import FieldError, Labels
from schemas.questions.answers import answer_errors
from schemas.questions.base import CodebookRow, QuestionBase
from schemas.questions.checks import error
from schemas.questions.conditions import condition_problems

if TYPE_CHECKING:
    from schemas.questions import SimpleQuestion


class RepeatGroupQuestion(QuestionBase):
    """A question answered by a list of items, each holding answers to the children.

    An entry's own table keeps the count; the children have one row per item in a table of their own.
    A child's condition looks at its siblings in the same item.
    """

    type: Literal["repeat_group"] = "repeat_group"
    children: "list[SimpleQuestion]" = Field(min_length=1, max_length=30)
    min_items: StrictInt = Field(default=1, ge=1, le=100)
    max_items: StrictInt = Field(default=20, ge=1, le=100)

    @cached_property
    def _asked(self) -> dict[str, QuestionBase]:
        return {child.key: child for child in self.children}

    @cached_property
    def _required(self) -> list[str]:
        return [child.key for child in self.children if child.required]

    def validate_answer(self, answer: JsonValue, pointer: str) -> list[FieldError]:
        """Check the number of items and each item's answers."""
        if not isinstance(answer, list):
            return error(pointer, "wrong_type", "Please give a list of items.")
        if len(answer) < self.min_items:
            return error(pointer, "too_few", f"Please give at least {self.min_items}.")
        if len(answer) > self.max_items:
            return error(pointer, "too_many", f"Please give at most {self.max_items}.")
        errors: list[FieldError] = []
        for index, item in enumerate(answer):
            where = f"{pointer}/{index}"
            if isinstance(item, dict):
                errors += answer_errors(self._asked, self._required, item, where)
            else:
                errors += error(where, "wrong_type", "Each item must hold named answers.")
        return errors

    def columns(self) -> list[str]:
        """Name the one column that counts the items."""
        return [f"{self.key}__count"]

    def cells(self, answer: JsonValue) -> list[str]:
        """Write the number of items."""
        return [str(len(answer)) if isinstance(answer, list) else ""]

    def child_columns(self) -> list[str]:
        """Name the columns of the items' own table."""
        return [column for child in self.children for column in child.columns()]

    def child_cells(self, item: JsonValue) -> list[str]:
        """Write one item as cells in the order of the child columns."""
        answers = item if isinstance(item, dict) else {}
        return [cell for child in self.children for cell in child.cells(answers.get(child.key))]

    def child_codebook(self) -> list[CodebookRow]:
        """Describe every column of the items' own table."""
        return [row for child in self.children for row in child.codebook()]

    def all_labels(self) -> Iterator[Labels]:
        """Walk the question's texts and its children's."""
        yield from super().all_labels()
        for child in self.children:
            yield from child.all_labels()

    def json_schema(self) -> dict[str, JsonValue]:
        """Describe the list of items; conditions between children are left to the server."""
        always: list[JsonValue] = [key for key in self._required if self._asked[key].relevant is None]
        item: dict[str, JsonValue] = {
            "type": "object",
            "properties": {child.key: child.json_schema() for child in self.children},
            "required": always,
            "additionalProperties": False,
        }
        return {"type": "array", "items": item, "minItems": self.min_items, "maxItems": self.max_items}

    @model_validator(mode="after")
    def _children_are_sound(self) -> Self:
        columns = self.child_columns()
        if len(self._asked) < len(self.children) or len(set(columns)) < len(columns):
            raise ValueError(f"Two questions inside '{self.key}' share a key or a column.")
        if self.min_items > self.max_items:
            raise ValueError(f"'{self.key}' must not ask for more items than it allows.")
        problems = condition_problems(self._asked)
        if problems:
            raise ValueError(" ".join(problems))
        return self
