"""A whole percentage."""

from typing import Literal

from pydantic import JsonValue

from schemas.base import FieldError
from schemas.questions.base import QuestionBase
from schemas.questions.checks import whole_errors


class PercentageQuestion(QuestionBase):
    """A question answered by a whole number from 0 to 100."""

    type: Literal["percentage"] = "percentage"

    def validate_answer(self, answer: JsonValue, pointer: str) -> list[FieldError]:
        """Check that the answer is a whole percentage."""
        return whole_errors(answer, pointer, 0, 100)

    def json_schema(self) -> dict[str, JsonValue]:
        """Describe a whole percentage."""
        return {"type": "integer", "minimum": 0, "maximum": 100}

    def unit_name(self) -> str | None:
        """Name the unit."""
        return "%"
