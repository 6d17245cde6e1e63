"""Expressions are held to what cannot cost much."""

import time

import pytest
from pydantic import JsonValue, ValidationError

from schemas.expression import NoExpression, parsed, search
from schemas.source import Paths

BODY: JsonValue = {
    "a": {"b": [1, 2, {"c": "x"}]},
    "list": [{"name": "pid", "value": "K7Q"}, {"name": "w"}],
    "@t": 1,
}


@pytest.mark.parametrize(
    ("expression", "found"),
    [
        ("a.b[2].c", "x"),
        ("a.b[-1].c", "x"),
        ("list[?name=='pid'].value | [0]", "K7Q"),
        ("a.none || list[0].value", "K7Q"),
        ("not_null(none, a.b[0])", 1),
        ("merge(a, {x: list[0].name})", {"b": [1, 2, {"c": "x"}], "x": "pid"}),
        ("a.b[0] == `1`", True),
        ('"@t"', 1),
        ("a.b[0:2]", [1, 2]),
        ("a.b.c.d", None),
        ("length(a.none)", None),
    ],
)
def test_what_a_tool_needs(expression: str, found: object) -> None:
    assert search(expression, BODY) == found


@pytest.mark.parametrize(
    "expression",
    [
        "",
        "a.",
        "a b",
        "[@,@]",
        "[@,@][]|" * 20 + "@",
        "{a: @, b: @}.*[] | {a: @, b: @}.*[]",
        "join(a, b)",
        "to_string(to_string(@))",
        "map(&a, @)",
        "sort_by(@, &a)",
        "unknown(@)",
        "!" * 190 + "a",
        "(" * 190,
        "a" + ".a" * 90,
    ],
)
def test_what_is_no_expression_or_may_cost_too_much(expression: str) -> None:
    with pytest.raises(NoExpression):
        parsed(expression)
    with pytest.raises(ValidationError) as refused:
        Paths.model_validate({"submission_id": expression, "answers": "a"})
    assert [error["loc"] for error in refused.value.errors()] == [("submission_id",)]


def test_the_heaviest_expression_on_the_largest_body_is_quick() -> None:
    body: JsonValue = {"list": [{"name": str(number)} for number in range(60_000)]}
    begun = time.process_time()
    search("merge(@, {a: list[].name, b: list[?name=='1'], c: list[*].name, d: *[]})", body)
    assert time.process_time() - begun < 2
