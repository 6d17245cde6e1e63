"""A short free text."""

from typing import Literal

from pydantic import Field, JsonValue, StrictInt

from schemas.base import FieldError
from schemas.questions.base import QuestionBase
from schemas.questions.checks import text_errors, text_schema


class ShortTextQuestion(QuestionBase):
    """A question answered by a short text, its length counted in code points."""

    type: Literal["short_text"] = "short_text"
    max_length: StrictInt = Field(default=140, ge=1, le=500)

    def validate_answer(self, answer: JsonValue, pointer: str) -> list[FieldError]:
        """Check that the text can be kept and is not too long."""
        return text_errors(answer, pointer, self.max_length)

    def json_schema(self) -> dict[str, JsonValue]:
        """Describe the text."""
        return text_schema(self.max_length)
