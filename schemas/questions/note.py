"""A text to read between questions."""

from typing import Literal

from pydantic import JsonValue

from schemas.base import FieldError
from schemas.questions.base import QuestionBase
from schemas.questions.checks import error


class NoteQuestion(QuestionBase):
    """A text that is shown and never answered."""

    type: Literal["note"] = "note"

    def validate_answer(self, answer: JsonValue, pointer: str) -> list[FieldError]:  # noqa: ARG002 (no answer fits)
        """Refuse any answer."""
        return error(pointer, "not_a_question", "This is a note to read: it takes no answer.")

    def columns(self) -> list[str]:
        """Name no column."""
        return []

    def cells(self, answer: JsonValue) -> list[str]:  # noqa: ARG002 (there is no column to fill)
        """Write no cell."""
        return []

    def json_schema(self) -> dict[str, JsonValue]:
        """Describe that no answer fits."""
        return {"not": {}}
