"""Canonical JSON (RFC 8785): the same bytes for the same value, on a phone and on the server."""

import math
from collections.abc import Iterable

from pydantic import JsonValue
from pydantic_core import from_json, to_json


class NotJson(ValueError):
    """Bytes that are not JSON, or hold what JSON cannot carry safely."""


def parse(raw: bytes) -> JsonValue:
    """Read JSON; refuse NaN, lone surrogates, deep nesting and numbers that a phone cannot hold."""
    try:
        value: JsonValue = from_json(raw, allow_inf_nan=False)
    except ValueError as error:
        raise NotJson from error
    return value


def canonical(value: JsonValue) -> bytes:
    """Return the canonical bytes of a JSON value."""
    try:
        return to_json(_ordered(value))
    except (ValueError, RecursionError) as error:
        raise NotJson from error


def _sorted(keys: Iterable[str]) -> list[str]:
    """Order keys as ECMAScript does: by UTF-16 code unit, which differs from ours above U+FFFF only."""
    keys = list(keys)
    return sorted(keys, key=None if all(map(str.isascii, keys)) else lambda key: key.encode("utf-16-be"))


def _ordered(value: JsonValue) -> JsonValue:
    """Order keys, and write numbers as ECMAScript does: 1.0 as 1; what a double cannot hold is refused."""
    if isinstance(value, dict):
        return {key: one if isinstance(one := value[key], str) else _ordered(one) for key in _sorted(value)}
    if isinstance(value, list):
        return [one if isinstance(one, str) else _ordered(one) for one in value]
    return _number(value) if isinstance(value, int | float) else value


def _number(value: float) -> float:
    if isinstance(value, float):
        if value.is_integer() and abs(value) <= 2**53:
            return int(value)
        if not math.isfinite(value) or "e" in repr(value):
            raise NotJson
    if abs(value) > 2**53:
        raise NotJson
    return value
