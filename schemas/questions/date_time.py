"""A moment in time."""

import datetime as dt
import re
from typing import Literal

from pydantic import JsonValue

from schemas.base import FieldError
from schemas.questions.base import QuestionBase
from schemas.questions.checks import error

_HOURS = r"(?:[01][0-9]|2[0-3]):[0-5][0-9]"
_SHAPE = re.compile(
    rf"(?:19|20|21)[0-9]{{2}}-[0-9]{{2}}-[0-9]{{2}}T{_HOURS}(?::[0-5][0-9](?:\.[0-9]{{1,6}})?)?(?:Z|[+-]{_HOURS})"
)


class DateTimeQuestion(QuestionBase):
    """A question answered by an instant with its offset, like 2026-11-03T08:30:00+00:00."""

    type: Literal["date_time"] = "date_time"

    def validate_answer(self, answer: JsonValue, pointer: str) -> list[FieldError]:
        """Check that the answer is an instant that says its offset from UTC."""
        if not isinstance(answer, str):
            return error(pointer, "wrong_type", "Please give a date and a time.")
        try:
            valid = _SHAPE.fullmatch(answer) is not None and bool(dt.datetime.fromisoformat(answer))
        except ValueError:
            valid = False
        if valid:
            return []
        return error(pointer, "bad_format", "Please give a date and time such as 2026-11-03T08:30:00+00:00.")

    def json_schema(self) -> dict[str, JsonValue]:
        """Describe the instant."""
        return {"type": "string", "pattern": f"^{_SHAPE.pattern}$"}
