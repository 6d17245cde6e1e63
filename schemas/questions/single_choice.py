"""One option out of a list."""

from typing import Literal

from pydantic import JsonValue

from schemas.base import FieldError
from schemas.questions.options import ChoiceBase


class SingleChoiceQuestion(ChoiceBase):
    """A question answered by one option's value."""

    type: Literal["single_choice"] = "single_choice"

    def validate_answer(self, answer: JsonValue, pointer: str) -> list[FieldError]:
        """Check that the answer is one offered option."""
        return self._option_errors(answer, pointer)

    def json_schema(self) -> dict[str, JsonValue]:
        """Describe the offered options."""
        return self._offered_schema()
