"""JMESPath expressions that a researcher writes, held to what cannot cost much on any body.

Without limits `[@,@][]|[@,@][]|...` makes 2^n values of nothing, `join(@.a, @.b)` a text longer than memory.
"""

from collections.abc import Iterator
from functools import lru_cache
from typing import Annotated, Any

import jmespath
from jmespath.exceptions import JMESPathError
from jmespath.parser import ParsedResult
from pydantic import AfterValidator, Field, JsonValue

from schemas.base import ShortText

_NODES = {
    "field", "subexpression", "index_expression", "index", "slice", "identity", "current", "literal", "projection",
    "value_projection", "flatten", "filter_projection", "pipe", "comparator", "or_expression", "and_expression",
    "not_expression", "multi_select_dict", "key_val_pair", "function_expression",
}  # fmt: skip
_FUNCTIONS = {"contains", "ends_with", "keys", "length", "merge", "not_null", "starts_with", "values"}
_MOST_NODES = 80


class NoExpression(ValueError):
    """Something that is no expression, or one that may cost too much."""


@lru_cache(maxsize=512)
def parsed(expression: str) -> ParsedResult:
    """Return an expression ready to search with, or raise NoExpression."""
    try:
        found = jmespath.compile(expression)
        nodes = list(_walk(found.parsed))
    except (JMESPathError, RecursionError, ValueError):
        raise NoExpression("This is not a JMESPath expression, such as data.answers.") from None
    unknown = [one for one in nodes if one["type"] not in _NODES]
    functions = {one["value"] for one in nodes if one["type"] == "function_expression"}
    dicts = sum(one["type"] == "multi_select_dict" for one in nodes)
    if unknown or functions - _FUNCTIONS or dicts > 1 or len(nodes) > _MOST_NODES:
        allowed = ", ".join(sorted(_FUNCTIONS))
        raise NoExpression(f"Use names, indexes, filters, one {{a: b}} and the functions {allowed} only.")
    return found


def search(expression: str | None, value: JsonValue) -> JsonValue:
    """Return what an expression finds, or None where it finds nothing or does not fit the value."""
    if expression is None:
        return None
    try:
        found: JsonValue = parsed(expression).search(value)
    except (JMESPathError, RecursionError, ValueError, TypeError):
        return None
    return found


def _checked(expression: str) -> str:
    parsed(expression)
    return expression


def _walk(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for child in node["children"]:
        if isinstance(child, dict):  # a slice has numbers for children
            yield from _walk(child)


Expression = Annotated[
    ShortText,
    Field(min_length=1, description="A JMESPath expression over the body."),
    AfterValidator(_checked),
]
