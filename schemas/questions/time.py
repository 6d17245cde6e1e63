"""A time of day."""

import re
from typing import Literal

from pydantic import JsonValue

from schemas.base import FieldError
from schemas.questions.base import QuestionBase
from schemas.questions.checks import error

_SHAPE = re.compile(r"(?:[01][0-9]|2[0-3]):[0-5][0-9]")


class TimeQuestion(QuestionBase):
    """A question answered by a local time of day like 08:30."""

    type: Literal["time"] = "time"

    def validate_answer(self, answer: JsonValue, pointer: str) -> list[FieldError]:
        """Check that the answer is a time of day."""
        if not isinstance(answer, str):
            return error(pointer, "wrong_type", "Please give a time of day.")
        if _SHAPE.fullmatch(answer) is None:
            return error(pointer, "bad_format", "Please give a time of day such as 08:30.")
        return []

    def json_schema(self) -> dict[str, JsonValue]:
        """Describe the time of day."""
        return {"type": "string", "pattern": f"^{_SHAPE.pattern}$"}
