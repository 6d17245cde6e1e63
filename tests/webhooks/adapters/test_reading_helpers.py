"""Strict JSON, strict forms, written times and signatures, each by itself."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from api.webhooks.answers import STRANGE_SIGNS, Answers
from api.webhooks.bodies import joined, read_form, read_json, text
from api.webhooks.normalised import Answer, Envelope, Normalised, Stage, Unreadable
from api.webhooks.signatures import Refusal, basic, same, signature
from api.webhooks.times import instant


@pytest.mark.parametrize(
    ("body", "value"),
    [
        (b'\xef\xbb\xbf{"a": 1}', {"a": 1}),
        (b'{"a": 1, "a": 1}', {"a": 1}),
        (b'{"a": [1, {"b": 2}], "a": [1, {"b": 2}]}', {"a": [1, {"b": 2}]}),
        (b'{"a": 1234567890123456789012345678901234567890}', {"a": int("1234567890" * 4)}),
        (b"[" * 60 + b"]" * 60, json.loads("[" * 60 + "]" * 60)),
        (b"-0.5", -0.5),
    ],
)
def test_json_that_can_be_read(body: bytes, value: Any) -> None:
    assert read_json(body) == value


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"NaN", "such as NaN"),
        (b'{"a": [Infinity]}', "such as NaN"),
        (b"1e400", "too long"),
        (b"-1E999", "too long"),
        (b"9" * 41, "too long"),
        (b"0." + b"1" * 100_000, "too long"),
        (b"[" * 61 + b"]" * 61, "nested"),
        (b"[" * 500_000, "nested"),
        (b'{"a": 1, "a": true}', "twice"),
        (b'{"a": [1], "a": [true]}', "twice"),
        (b'{"a": 1, "a": 1.0}', "twice"),
        (b'{"a": {"b": 1, "b": 2}}', "twice"),
        (b'{"a": "\n"}', "quotation mark"),
        (b"{'a': 1}", "quotation mark"),
        (b'{"a": 1}}', "quotation mark"),
        (b"\xff\xfe{\x00}\x00", "UTF-8"),
        (b'{"a": "\xed\xa0\x80"}', "UTF-8"),
    ],
)
def test_json_that_cannot_be_read_says_why_and_repeats_nothing(body: bytes, words: str) -> None:
    with pytest.raises(Unreadable, match=words) as raised:
        read_json(body)
    assert raised.value.__cause__ is None


@pytest.mark.parametrize(
    ("body", "fields"),
    [(b"", {}), (b"a=1&b=", {"a": "1", "b": ""}), (b"a=%C3%A9+%26", {"a": "é &"}), (b"a", {"a": ""})],
)
def test_a_form_that_can_be_read(body: bytes, fields: dict[str, str]) -> None:
    assert read_form(body) == fields


@pytest.mark.parametrize("body", [b"a=1&a=1", b"a=%ff", "a=é".encode(), b"&".join([b"a=1"] * 1_001)])
def test_a_form_that_cannot_be_read(body: bytes) -> None:
    with pytest.raises(Unreadable):
        read_form(body)


@pytest.mark.parametrize(
    ("written", "zone", "meant"),
    [
        ("2026-07-03T08:30:00Z", "Europe/London", "2026-07-03T08:30:00"),
        ("2026-07-03T08:30:00.123+02:00", "UTC", "2026-07-03T06:30:00.123"),
        ("2026-07-03 08:30:00", "Europe/London", "2026-07-03T07:30:00"),
        ("2026-07-03T08:30:00.1234567Z", "UTC", "2026-07-03T08:30:00.123456"),
        ("11/10/2025 2:05:31 PM", "UTC", "2025-11-10T14:05:31"),
        ("2199-12-30T00:00:00Z", "UTC", "2199-12-30T00:00:00"),
    ],
)
def test_a_time_that_can_be_read(written: str, zone: str, meant: str) -> None:
    assert instant(written, zone) == datetime.fromisoformat(meant).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    "written",
    [
        None, 0, 1_764_000_000, "", "yesterday", "2026-07-03", "2026-13-03T08:30:00Z", "0001-01-01T00:00:00+14:00",
        "0001-01-01T00:00:00", "9999-12-31T23:59:59-14:00", "1969-12-31T00:00:00Z", "2200-01-01T00:00:00Z",
        "1980-01-01 00:00:00", "1980-01-01T12:00:00Z", "[not completed]", "2026-07-03T08:30:00Z" + " " * 30,
        "2026-07-03T08:30:00+99:99", "٢٠٢٦-07-03T08:30:00Z", "32/10/2025 2:05:31 PM",
    ],
)  # fmt: skip
def test_a_time_that_is_none(written: Any) -> None:
    assert instant(written, "Asia/Tokyo") is None


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (" a ", "a"),
        (7, "7"),
        (0, "0"),
        (True, None),
        (False, None),
        (1.5, None),
        ("", None),
        ([], None),
        ({}, None),
    ],
)
def test_what_may_be_a_name(value: Any, words: str | None) -> None:
    assert text(value) == words


def test_no_two_lists_of_parts_have_the_same_name() -> None:
    lists = [("a", "b", ""), ("a/b", "", ""), ("a", "/b", ""), ("a%2Fb", "", ""), ("", "a", "b")]
    assert len({joined(*parts) for parts in lists}) == len(lists)


def test_signs_that_no_database_stores_do_not_stop_a_verifier() -> None:
    for words in ("\ud800", "\x00", "é", "\uffff"):
        assert same(words, ["key"]) == Refusal.WRONG
        assert same("key", [words]) == Refusal.WRONG
        assert same(words, [words]) is None
        assert basic(words, ["key"]) == Refusal.MALFORMED
        assert basic("Basic a2V5OmtleQ==", [words]) == Refusal.WRONG
        assert signature([b"x"], [words], "sha256", b"") == Refusal.WRONG


def kept(*given: Answer) -> Normalised:
    answers = Answers()
    for one in given:
        answers.add(one)
    return answers.normalised("tool", Envelope(Stage.COMPLETE), {})


def test_what_cannot_be_stored_is_taken_out_and_what_is_left_is_judged_anew() -> None:
    found = kept(
        Answer("a", "\x00\ud800"), Answer("b", ["\x00x", {"\x00k": "\udfff"}], option_ids=("\x00i",))
    )
    (answer,) = found.answers
    assert (answer.key, answer.value, answer.option_ids) == ("b", ["x", {"k": ""}], ("i",))
    assert found.warnings == (STRANGE_SIGNS,)


@pytest.mark.parametrize("value", [0, False, 0.0, [0], {"a": None}])
def test_zero_and_no_are_answers(value: Any) -> None:
    assert len(kept(Answer("a", value)).answers) == 1


@pytest.mark.parametrize("value", [None, "", " \n", [], {}])
def test_nothing_is_no_answer(value: Any) -> None:
    assert kept(Answer("a", value)).answers == ()


@pytest.mark.parametrize("key", ["email", "E-Mail", " First Name ", "ip_address", "IPADDRESS", "latitude"])
def test_what_is_named_after_a_person_is_left_out(key: str) -> None:
    found = kept(Answer(key, "secret words"))
    assert found.answers == ()
    assert len(found.warnings) == 1
    assert "secret" not in found.warnings[0]
