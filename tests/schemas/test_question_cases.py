"""The table that the phone shares: each answer, and what is wrong with it where."""

import ast
from pathlib import Path
from typing import Any

import pytest

import schemas.questions
from tests.schemas.question_cases import ANSWERS, ENTRIES, QUESTIONS, answer_judged, entry_judged
from tests.schemas.samples import SAMPLES

CODES_OF_AN_INSTRUMENT = {"unknown_kind"}


@pytest.mark.parametrize("case", ANSWERS, ids=[case["name"] for case in ANSWERS])
def test_each_answer(case: dict[str, Any]) -> None:
    assert answer_judged(case) == case["errors"]


@pytest.mark.parametrize("case", ENTRIES, ids=[case["name"] for case in ENTRIES])
def test_each_entry(case: dict[str, Any]) -> None:
    assert entry_judged(case) == case["errors"]


def test_every_type_is_taken_and_refused() -> None:
    seen = {(QUESTIONS[case["question"]]["type"], case["errors"] == []) for case in ANSWERS}
    assert seen >= {(type_, sound) for type_ in SAMPLES for sound in (True, False)} - {("note", True)}


def test_every_code_occurs() -> None:
    """The codes are read from the source: a new one needs a case, so that the phone learns it."""
    occurring = {code for case in ANSWERS + ENTRIES for _, code in case["errors"]}
    assert occurring == _codes() | CODES_OF_AN_INSTRUMENT


def _codes() -> set[str]:
    found = set()
    for file in Path(schemas.questions.__path__[0]).glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "error":
                code = node.args[1]
                assert isinstance(code, ast.Constant)
                found.add(str(code.value))
    return found
