"""The building blocks of every schema: strict models, safe text, keys, labels and field errors."""

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime
from itertools import takewhile
from typing import Annotated

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    Strict,
    StringConstraints,
    ValidationError,
)


def _no_nul(text: str) -> str:
    # SQLite stores U+0000 and PostgreSQL refuses it; pydantic itself refuses lone surrogates.
    if "\x00" in text:
        raise ValueError("The text holds a NUL character, which cannot be stored.")
    return text


def _written_out(value: object) -> object:
    # pydantic takes "1700000000" for seconds since 1970, in whatever zone the sender had in mind.
    try:
        return datetime.fromisoformat(value) if isinstance(value, str) and _DATED.match(value) else value
    except ValueError:
        raise ValueError(_LIKE_THIS) from None  # Python's own sentence repeats what was sent


def _day_written_out(value: object) -> object:
    # As above: pydantic takes 20000 and "20000" for days, too.
    try:
        return date.fromisoformat(value) if isinstance(value, str) and _DAY.fullmatch(value) else value
    except ValueError:
        raise ValueError("Write a day such as 2026-11-03.") from None


def _in_bounds(instant: datetime) -> datetime:
    # Near the years 1 and 9999 a change of zone or the first day of a week is no longer a date.
    if not _EARLIEST <= instant <= _LATEST:
        raise ValueError("The year must be between 1900 and 2199.")
    return instant


_EARLIEST, _LATEST = datetime(1900, 1, 1, tzinfo=UTC), datetime(2199, 12, 31, tzinfo=UTC)
_LIKE_THIS = "Write a time with its date and offset, such as 2026-11-03T08:30:00+00:00."
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_DATED = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ]")
Instant = Annotated[AwareDatetime, Strict(), BeforeValidator(_written_out), AfterValidator(_in_bounds)]
"""A time written out with its date and its offset from UTC."""
Day = Annotated[
    date, Strict(), BeforeValidator(_day_written_out), Field(ge=_EARLIEST.date(), le=_LATEST.date())
]
"""A day written out, such as 2026-11-03."""
Text = Annotated[str, AfterValidator(_no_nul)]
ShortText = Annotated[Text, Field(max_length=200)]
LongText = Annotated[Text, Field(max_length=20_000)]
Email = Annotated[str, Field(max_length=254, pattern=r"^[^@\s\x00]+@[^@\s\x00]+\.[^@\s\x00]+$")]
Key = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,62}$")]
Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$")]
Labels = dict[Language, LongText]
"""A text in each language of a study: {"en": "Where were you?", "cy": "..."}."""


class Model(BaseModel):
    """A schema that refuses fields it does not know."""

    model_config = ConfigDict(extra="forbid")


class FieldError(Model):
    """One thing that is wrong with one field; never holds what was sent."""

    pointer: str
    code: str
    message: str


def field_errors(error: ValidationError) -> list[FieldError]:
    """Turn pydantic's findings into ours, leaving out what was sent."""
    found = error.errors(include_url=False, include_input=False, include_context=False)
    return [field_error(one["loc"], one["type"], one["msg"]) for one in found[:50]]


_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,62}")
_OWN_WORDS = {  # where pydantic's sentence repeats what was sent
    "union_tag_invalid": "This is none of the known types.",
    "uuid_parsing": "This is not a UUID.",
}


def field_error(place: Sequence[int | str], code: str, message: str) -> FieldError:
    """Name one wrong field by a JSON pointer, as far as its parts are names and not what somebody wrote."""
    parts = [str(part) for part in place if part not in {"body", "[key]"}]
    named = list(takewhile(lambda part: part.isdecimal() or _NAME.fullmatch(part), parts))
    words = _OWN_WORDS.get(code) or message.removeprefix("Value error, ")
    return FieldError(pointer="/" + "/".join(named), code=code, message=words)
