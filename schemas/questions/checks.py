"""The checks that question types share: each tells what is wrong in a sentence, never what was sent."""

import math

from pydantic import JsonValue

from schemas.base import FieldError

LARGEST = 10**15  # below 2**53, so that a phone's JavaScript holds the same whole number

Errors = list[FieldError]


def error(pointer: str, code: str, message: str) -> Errors:
    """Make the list of one error."""
    return [FieldError(pointer=pointer, code=code, message=message)]


def finite(answer: JsonValue) -> int | float | None:
    """Return the answer if it is a number that we can keep, else None; true and false are not numbers."""
    if isinstance(answer, bool) or not isinstance(answer, int | float):
        return None
    if isinstance(answer, float) and not math.isfinite(answer):
        return None
    return answer if -LARGEST <= answer <= LARGEST else None


def whole(answer: JsonValue) -> int | None:
    """Return the answer as a whole number (3.0 is 3), else None."""
    number = finite(answer)
    return int(number) if number is not None and number == int(number) else None


def whole_errors(answer: JsonValue, pointer: str, low: int, high: int) -> Errors:
    """Check a whole number between two bounds."""
    number = whole(answer)
    if number is None:
        return error(pointer, "wrong_type", f"Please give a whole number from {low} to {high}.")
    if not low <= number <= high:
        return error(pointer, "out_of_range", f"Please give a whole number from {low} to {high}.")
    return []


def text_errors(answer: JsonValue, pointer: str, max_length: int) -> Errors:
    """Check a text that can be stored everywhere and is neither blank nor too long (in code points)."""
    if not isinstance(answer, str):
        return error(pointer, "wrong_type", "Please write a text here.")
    if len(answer) > max_length:
        return error(pointer, "too_long", f"Please shorten this text to {max_length} characters or fewer.")
    if not answer.strip():
        return error(pointer, "empty", "This text is blank. Write something or leave the question out.")
    if "\x00" in answer or not (answer.isascii() or _encodes(answer)):
        return error(pointer, "bad_characters", "This text holds a character that cannot be stored.")
    return []


def _encodes(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:  # a lone surrogate: half a character, which no database keeps
        return False
    return True


def text_schema(max_length: int) -> dict[str, JsonValue]:
    """Describe such a text as JSON Schema."""
    return {"type": "string", "maxLength": max_length, "pattern": r"^[^\u0000]*[^\s\u0000][^\u0000]*$"}


def cell_text(answer: JsonValue) -> str:
    """Write one scalar answer as a CSV cell; anything else is an empty cell."""
    if isinstance(answer, bool):
        return "1" if answer else "0"
    if isinstance(answer, str):
        return answer
    number = finite(answer)
    if number is None:
        return ""
    return str(int(number)) if number == int(number) else f"{number:.6f}".rstrip("0")
