"""A calendar date."""

import datetime as dt
import re
from typing import Literal

from pydantic import JsonValue

from schemas.base import FieldError
from schemas.questions.base import QuestionBase
from schemas.questions.checks import error

_SHAPE = re.compile(r"(?:19|20|21)[0-9]{2}-[0-9]{2}-[0-9]{2}")


class DateQuestion(QuestionBase):
    """A question answered by a date like 2026-11-03, from 1900 to 2199."""

    type: Literal["date"] = "date"

    def validate_answer(self, answer: JsonValue, pointer: str) -> list[FieldError]:
        """Check that the answer is a day of the calendar."""
        if not isinstance(answer, str):
            return error(pointer, "wrong_type", "Please give a date.")
        try:
            valid = _SHAPE.fullmatch(answer) is not None and bool(dt.date.fromisoformat(answer))
        except ValueError:
            valid = False
        return [] if valid else error(pointer, "bad_format", "Please give a date such as 2026-11-03.")

    def json_schema(self) -> dict[str, JsonValue]:
        """Describe the date."""
        return {"type": "string", "format": "date", "pattern": f"^{_SHAPE.pattern}$"}
