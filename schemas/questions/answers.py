"""Checks a set of answers to a set of questions: those of an entry, or of one item of a repeat."""

import re
from collections.abc import Container, Iterable, Mapping

from pydantic import JsonValue

from schemas.questions.base import QuestionBase
from schemas.questions.checks import Errors, error
from schemas.relevance import evaluate

_MOST_ERRORS = 50
_KEY = re.compile(r"[a-z][a-z0-9_]{0,62}")


def answer_errors(
    asked: Mapping[str, QuestionBase],
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
            where = f"{pointer}/{key}"
            errors += question.validate_answer(answer, where) or question.applies(answer, answers, where)
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
