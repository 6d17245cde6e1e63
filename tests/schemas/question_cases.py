"""The table of answers that the server and the phone judge alike, and what the server makes of it."""

import json
from pathlib import Path
from typing import Any

from schemas.base import FieldError
from schemas.instrument import InstrumentDefinition
from tests.schemas.samples import QUESTION

TABLE: dict[str, Any] = json.loads(
    (Path(__file__).parent / "question_cases.json").read_text(encoding="utf-8")
)
QUESTIONS: dict[str, dict[str, Any]] = TABLE["questions"]
ANSWERS: list[dict[str, Any]] = TABLE["answers"]
INSTRUMENT: dict[str, Any] = TABLE["instrument"]
ENTRIES: list[dict[str, Any]] = TABLE["entries"]


def told(errors: list[FieldError]) -> list[list[str]]:
    """Return pointers and codes, in an order that both sides can keep."""
    return sorted([error.pointer, error.code] for error in errors)


def answer_judged(case: dict[str, Any]) -> list[list[str]]:
    """Return what the server says of the answer of one case."""
    question = QUESTION.validate_python(QUESTIONS[case["question"]])
    return told(question.validate_answer(case["answer"], "/q"))


def entry_judged(case: dict[str, Any]) -> list[list[str]]:
    """Return what the server says of the entry of one case."""
    return told(
        InstrumentDefinition.model_validate(INSTRUMENT).validate_answers(case["kind"], case["answers"])
    )
