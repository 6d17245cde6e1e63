"""Yes or no."""

from typing import Literal

from pydantic import JsonValue

from schemas.base import FieldError, Labels
from schemas.questions.base import QuestionBase
from schemas.questions.checks import error


class YesNoQuestion(QuestionBase):
    """A question answered by true or false."""

    type: Literal["yes_no"] = "yes_no"

    def validate_answer(self, answer: JsonValue, pointer: str) -> list[FieldError]:
        """Check that the answer is true or false."""
        return [] if isinstance(answer, bool) else error(pointer, "wrong_type", "Please answer yes or no.")

    def cells(self, answer: JsonValue) -> list[str]:
        """Write 1 for yes and 0 for no."""
        return [("1" if answer else "0") if isinstance(answer, bool) else ""]

    def value_labels(self) -> dict[str, Labels]:
        """Say what 1 and 0 stand for."""
        return {"1": {"en": "yes"}, "0": {"en": "no"}}

    def json_schema(self) -> dict[str, JsonValue]:
        """Describe true or false."""
        return {"type": "boolean"}
