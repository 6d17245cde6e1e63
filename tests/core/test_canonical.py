"""Canonical JSON: one value, one text; what a phone cannot hold is refused."""

import json
import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.canonical import NotJson, canonical, parse

SAFE_FLOATS = st.floats(allow_nan=False, allow_infinity=False).filter(
    lambda number: abs(number) <= 2**53 and "e" not in repr(number)
)
SCALARS = st.none() | st.booleans() | st.integers(-(2**53), 2**53) | SAFE_FLOATS | st.text()
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4)
)


def shuffled(value: Any, seed: int) -> Any:
    if isinstance(value, dict):
        items = [(key, shuffled(one, seed)) for key, one in value.items()]
        random.Random(seed).shuffle(items)
        return dict(items)
    return [shuffled(one, seed) for one in value] if isinstance(value, list) else value


@given(VALUES)
def test_reading_what_was_written_gives_the_value_back(value: Any) -> None:
    assert parse(canonical(value)) == value
    assert canonical(parse(canonical(value))) == canonical(value)


@given(VALUES, st.integers())
def test_the_order_of_keys_and_the_white_space_do_not_matter(value: Any, seed: int) -> None:
    loose = json.dumps(shuffled(value, seed), indent=2, ensure_ascii=True).encode()
    assert canonical(parse(loose)) == canonical(value)


@pytest.mark.parametrize(
    ("given_", "wanted"),
    [
        # RFC 8785, 3.2.2 and 3.2.3
        (
            r'{"string": "\u20ac$\u000F\u000aA\u0027\u0042\u0022\u005c\u005c\"\/", "literals": [null, true, false]}',
            '{"literals":[null,true,false],"string":"\u20ac$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
        ),
        (
            r'{"\u20ac":1,"\r":2,"\ufb33":3,"1":4,"\ud83d\ude00":5,"\u0080":6,"\u00f6":7}',
            '{"\\r":2,"1":4,"\u0080":6,"\u00f6":7,"\u20ac":1,"\U0001f600":5,"\ufb33":3}',
        ),
        ("[4.50, 2e-3, 1.0, -0, -0.0, 0.0, 10E1]", "[4.5,0.002,1,0,0,0,100]"),
        (
            "[9007199254740992, 9007199254740992.0, -9007199254740992]",
            "[9007199254740992,9007199254740992,-9007199254740992]",
        ),
        ('"\\u0000\\u007f"', '"\\u0000\x7f"'),
    ],
)
def test_the_examples_of_the_standard(given_: str, wanted: str) -> None:
    assert canonical(parse(given_.encode())).decode() == wanted


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b" ",
        b"{",
        b"nonsense",
        b"NaN",
        b"[Infinity]",
        b"-Infinity",
        b"1e400",
        b"1" * 5_000,
        b"-" + b"9" * 5_000,
        b"9007199254740993",
        b"9007199254740994.0",
        b"1e21",
        b"1e-7",
        b"[" * 100_000,
        b"[" * 100_000 + b"]" * 100_000,
        b'{"a":' * 100_000,
        b'"\\ud800"',
        b'"\\udfff\\ud800"',
        b'{"\\ud800": 1}',
        b'"\xed\xa0\x80"',
        b'"\xff"',
        b"\xef\xbb\xbf{}",
        b"{} {}",
        b"{'a': 1}",
        b"[1,]",
    ],
    ids=lambda raw: repr(raw[:16]),
)
def test_what_is_not_sound_is_refused(raw: bytes) -> None:
    with pytest.raises(NotJson):
        canonical(parse(raw))
