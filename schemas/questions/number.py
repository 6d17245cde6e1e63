"""A number with optional bounds and decimals."""

from typing import Annotated, Literal, Self

from pydantic import Field, JsonValue, StrictFloat, StrictInt, model_validator

from schemas.base import FieldError, Text
from schemas.questions.base import QuestionBase
from schemas.questions.checks import LARGEST, cell_text, error, finite

Bound = Annotated[StrictInt | StrictFloat, Field(ge=-LARGEST, le=LARGEST, allow_inf_nan=False)]


class NumberQuestion(QuestionBase):
    """A question answered by a number; without decimals, a whole one."""

    type: Literal["number"] = "number"
    min: Bound | None = None
    max: Bound | None = None
    decimals: StrictInt = Field(default=0, ge=0, le=6)
    unit: Text | None = Field(default=None, min_length=1, max_length=40)

    def validate_answer(self, answer: JsonValue, pointer: str) -> list[FieldError]:
        """Check the number, its bounds and its decimals."""
        number = finite(answer)
        if number is None:
            return error(pointer, "wrong_type", "Please give a number of ordinary size.")
        if round(number, self.decimals) != number:
            digits = "a whole number" if self.decimals == 0 else f"at most {self.decimals} decimal places"
            return error(pointer, "too_precise", f"Please give {digits}.")
        if self.min is not None and number < self.min:
            return error(pointer, "out_of_range", f"Please give a number of at least {cell_text(self.min)}.")
        if self.max is not None and number > self.max:
            return error(pointer, "out_of_range", f"Please give a number of at most {cell_text(self.max)}.")
        return []

    def json_schema(self) -> dict[str, JsonValue]:
        """Describe the number; decimals are left out, since binary fractions have no exact multiples."""
        return {
            "type": "integer" if self.decimals == 0 else "number",
            "minimum": -LARGEST if self.min is None else self.min,
            "maximum": LARGEST if self.max is None else self.max,
        }

    def unit_name(self) -> str | None:
        """Name the unit as the study wrote it."""
        return self.unit

    @model_validator(mode="after")
    def _bounds_in_order(self) -> Self:
        if self.min is not None and self.max is not None and self.min > self.max:
            raise ValueError(f"'{self.key}' must not have its smallest number above its largest.")
        return self
