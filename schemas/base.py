"""The building blocks of every schema: strict models, safe text, keys, labels and field errors."""

from collections.abc import Sequence
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, ValidationError


def _no_nul(text: str) -> str:
    # SQLite stores U+0000 and PostgreSQL refuses it; pydantic itself refuses lone surrogates.
    if "\x00" in text:
        raise ValueError("The text holds a NUL character, which cannot be stored.")
    return text


Text = Annotated[str, AfterValidator(_no_nul)]
ShortText = Annotated[Text, Field(max_length=200)]
LongText = Annotated[Text, Field(max_length=20_000)]
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


def field_error(place: Sequence[int | str], code: str, message: str) -> FieldError:
    """Name one wrong field by a JSON pointer."""
    parts = [str(part) for part in place if part != "body"]
    return FieldError(pointer="/" + "/".join(parts), code=code, message=message.removeprefix("Value error, "))
