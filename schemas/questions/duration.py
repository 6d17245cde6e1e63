"""How long something took."""

from typing import Literal

from pydantic import Field, JsonValue, StrictInt

from schemas.base import FieldError
from schemas.questions.base import QuestionBase
from schemas.questions.checks import whole_errors


class DurationQuestion(QuestionBase):
    """A question answered by a number of whole minutes."""

    type: Literal["duration"] = "duration"
    max_minutes: StrictInt = Field(default=7 * 24 * 60, ge=1, le=366 * 24 * 60)

    def validate_answer(self, answer: JsonValue, pointer: str) -> list[FieldError]:
        """Check the number of minutes."""
        return whole_errors(answer, pointer, 0, self.max_minutes)

    def json_schema(self) -> dict[str, JsonValue]:
        """Describe the number of minutes."""
        return {"type": "integer", "minimum": 0, "maximum": self.max_minutes}

    def unit_name(self) -> str | None:
        """Name the unit."""
        return "minutes"
