"""Conditions: the table that the phone shares, totality, limits and the wire."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from schemas.relevance import MAX_DEPTH, Condition, evaluate, questions_of

CONDITION: TypeAdapter[Condition] = TypeAdapter(Condition)
CASES = json.loads((Path(__file__).parent / "relevance_cases.json").read_text(encoding="utf-8"))["cases"]


def _nested(depth: int) -> dict[str, Any]:
    data: dict[str, Any] = {"answered": {"question": "a"}}
    for _ in range(depth - 1):
        data = {"not": data}
    return data


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_the_shared_table(case: dict[str, Any]) -> None:
    assert evaluate(CONDITION.validate_python(case["condition"]), case["answers"]) is case["holds"]


def test_the_table_shows_every_kind_both_ways() -> None:
    seen = {(next(iter(case["condition"])), case["holds"]) for case in CASES}
    kinds = ("all", "any", "equals", "in", "answered", "compare")
    assert seen >= {(kind, holds) for kind in kinds for holds in (True, False)}


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_a_condition_travels_unchanged(case: dict[str, Any]) -> None:
    condition = CONDITION.validate_python(case["condition"])
    assert json.loads(condition.model_dump_json()) == case["condition"]
    assert CONDITION.validate_json(CONDITION.dump_json(condition)) == condition


@pytest.mark.parametrize("answer", [float("nan"), float("inf"), float("-inf")])
def test_what_json_cannot_carry_compares_with_nothing(answer: float) -> None:
    for op in ("lt", "le", "gt", "ge"):
        condition = CONDITION.validate_python({"compare": {"question": "a", "op": op, "value": 3}})
        assert not evaluate(condition, {"a": answer})


def test_the_questions_of_a_condition() -> None:
    condition = CONDITION.validate_python(CASES[-1]["condition"])
    assert questions_of(condition) == {"a", "b"}


def test_the_depth_is_limited() -> None:
    CONDITION.validate_python(_nested(MAX_DEPTH))
    for depth in (MAX_DEPTH + 1, 5000):
        with pytest.raises(ValidationError):
            CONDITION.validate_python(_nested(depth))


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"maybe": {}},
        {"answered": {"question": "a"}, "not": {"answered": {"question": "b"}}},
        {"all": []},
        {"any": [{"answered": {"question": "a"}}] * 51},
        {"equals": {"question": "a", "value": None}},
        {"equals": {"question": "a", "value": ["x"]}},
        {"equals": {"question": "a", "value": float("nan")}},
        {"compare": {"question": "a", "op": "lt", "value": "3"}},
        {"compare": {"question": "a", "op": "lt", "value": True}},
        {"compare": {"question": "a", "op": "lt", "value": 10**30}},
        {"compare": {"question": "a", "op": "eq", "value": 3}},
        {"answered": {"question": "Not A Key"}},
        "a > 3",
        None,
    ],
)
def test_anything_else_is_refused(data: Any) -> None:
    with pytest.raises(ValidationError):
        CONDITION.validate_python(data)


ANSWERS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=2),
    max_leaves=6,
)


@given(answers=st.dictionaries(st.sampled_from(["a", "b"]), ANSWERS))
@settings(deadline=None)
def test_no_answers_make_it_raise(answers: Any) -> None:
    for case in CASES:
        assert evaluate(CONDITION.validate_python(case["condition"]), answers) in (True, False)
