"""A long free text."""

from typing import Literal

from pydantic import Field, JsonValue, StrictInt

from schemas.base import FieldError
from schemas.questions.base import QuestionBase
from schemas.questions.checks import text_errors, text_schema


class LongTextQuestion(QuestionBase):
    """A question answered by a long text, its length counted in code points."""

    type: Literal["long_text"] = "long_text"
    max_length: StrictInt = Field(default=2000, ge=1, le=20000)

    def validate_answer(self, answer: JsonValue, pointer: str) -> list[FieldError]:
        """Check that the text can be kept and is not too long."""
        return text_errors(answer, pointer, self.max_length)

    def json_schema(self) -> dict[str, JsonValue]:
        """Describe the text."""
        return text_schema(self.max_length)
