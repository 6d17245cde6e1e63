"""The checks that question types share: each tells what is wrong in a sentence, never what was sent."""

import math
import re
from collections.abc import Container, Iterable, Mapping
from typing import TYPE_CHECKING

from pydantic import JsonValue

from schemas.base import FieldError
from schemas.relevance import evaluate

if TYPE_CHECKING:
    from schemas.questions.base import QuestionBase

LARGEST = 10**15  # below 2**53, so that a phone's JavaScript holds the same whole number
_MOST_ERRORS = 50
_KEY = re.compile(r"[a-z][a-z0-9_]{0,62}")

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


def answer_errors(
    asked: Mapping[str, "QuestionBase"],
    required: Iterable[str],
    answers: Mapping[str, JsonValue],
    pointer: str,
    known: Container[str] = (),
) -> Errors:
    """Check the answers to some questions: each known, asked here, relevant, valid, and none missing."""
    errors: Errors = []
    for key, answer in answers.items():
        question = asked.get(key)
        if question is None:
            errors += _stray(key, pointer, known)
        elif answer is None:
            errors += error(f"{pointer}/{key}", "null", "Leave this question out instead of sending nothing.")
        elif question.relevant is not None and not evaluate(question.relevant, answers):
            errors += error(
                f"{pointer}/{key}", "irrelevant", "This question does not apply, given the other answers."
            )
        else:
            errors += question.validate_answer(answer, f"{pointer}/{key}")
        if len(errors) >= _MOST_ERRORS:
            return errors[:_MOST_ERRORS]
    for key in required:
        if key not in answers:
            condition = asked[key].relevant
            if condition is None or evaluate(condition, answers):
                errors += error(f"{pointer}/{key}", "required", "Please answer this question.")
    return errors


def _stray(key: str, pointer: str, known: Container[str]) -> Errors:
    if key in known:
        return error(f"{pointer}/{key}", "not_on_form", "This form does not ask this question.")
    # An unknown key may hold anything, even what someone wrote: only one shaped like a key is repeated.
    where = f"{pointer}/{key}" if _KEY.fullmatch(key) else pointer
    return error(where, "unknown_question", "This answer belongs to no question of this instrument.")
