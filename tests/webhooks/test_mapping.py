"""A field map turns a tool's answers into ours, or says in a sentence why not; it guesses nothing."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import JsonValue

from api.webhooks.mapping import Mapped, map_answers
from api.webhooks.normalised import Answer
from schemas.source import FieldMap, Transform

ZONE = "Europe/London"


def mapped(answer: Answer, transform: str, **row: Any) -> Mapped:
    """Map one answer by one row."""
    rows = [{"answer_key": "a", "question": "q", "transform": transform} | row]
    return map_answers(
        [answer], FieldMap.model_validate({"instrument": "i", "kind": "k", "rows": rows}), ZONE
    )


def value(given_value: JsonValue, transform: str, **row: Any) -> JsonValue:
    """Return what an answer becomes; raise the sentence of one that does not fit."""
    found = mapped(Answer("a", given_value), transform, **row)
    if found.errors:
        raise ValueError(found.errors[0].message)
    return found.answers["q"]


FITS: list[tuple[JsonValue, str, JsonValue]] = [
    ("long day", "text", "long day"),
    (7, "text", "7"),
    (0, "integer", 0),
    ("42", "integer", 42),
    (3.0, "integer", 3),
    ("2.5", "number", 2.5),
    (False, "yes_no", False),
    ("good", "choice", "good"),
    (["a", "b", "a"], "choices", ["a", "b"]),
    ("2026-11-03", "date", "2026-11-03"),
    ("2026-07-03T23:30:00+00:00", "date", "2026-07-04"),
    ("2026-11-03T08:30:00Z", "instant", "2026-11-03T08:30:00+00:00"),
    ("2026-07-03T08:30:00", "instant", "2026-07-03T07:30:00+00:00"),
    ({"x": [1]}, "as_is", {"x": [1]}),
]
DOES_NOT: list[tuple[JsonValue, str]] = [
    (True, "text"),
    (["a"], "text"),
    (True, "integer"),
    (2.5, "integer"),
    ("2,5", "number"),
    ("1e9", "number"),
    ("9" * 20, "integer"),
    ("yes", "yes_no"),
    (1, "yes_no"),
    (["a", "b"], "choice"),
    ([True], "choices"),
    ("03/11/2026", "date"),
    ("2026-13-01", "date"),
    ("20261103", "date"),
    ("2026-11-02", "instant"),
    ("1762158600", "instant"),
    ("2026-10-25T01:30:00", "instant"),
    ("2026-03-29T01:30:00", "instant"),
]


@pytest.mark.parametrize(("answer", "transform", "wanted"), FITS, ids=lambda one: str(one)[:20])
def test_what_fits_is_read(answer: JsonValue, transform: str, wanted: JsonValue) -> None:
    found = value(answer, transform)
    assert (found, type(found)) == (wanted, type(wanted))


@pytest.mark.parametrize(("answer", "transform"), DOES_NOT, ids=lambda one: str(one)[:20])
def test_what_does_not_fit_is_a_sentence_without_the_answer(answer: JsonValue, transform: str) -> None:
    with pytest.raises(ValueError, match=r"^a: .+\.$") as refused:
        value(answer, transform)
    assert len(str(answer)) < 4 or str(answer) not in str(refused.value)


def test_options_go_by_id_or_words_and_must_not_contradict_each_other() -> None:
    answer = Answer("a", "Good", option_ids=("o1",), option_labels=("Good",))
    for values in ({"o1": "good"}, {"Good": "good"}, {"o1": "good", "Good": "good"}):
        assert mapped(answer, "choice", value_map=values).answers == {"q": "good"}
    for values in ({"o2": "good"}, {"o1": "good", "Good": "hard"}):
        assert mapped(answer, "choice", value_map=values).errors
    several = Answer("a", ["Good", "Hard"], option_ids=("o1", "o2"), option_labels=("Good", "Hard"))
    assert mapped(several, "choices", value_map={"o1": "good", "Hard": "hard"}).answers == {
        "q": ["good", "hard"]
    }
    assert mapped(several, "choice", value_map={"o1": "good", "Hard": "hard"}).errors
    uneven = Answer("a", None, option_ids=("o1",), option_labels=("Good", "Hard"))
    assert mapped(uneven, "choices").errors
    assert value("ja", "yes_no", value_map={"ja": "yes", "nein": "no"}) is True
    assert value("nein", "yes_no", value_map={"ja": "yes", "nein": "no"}) is False


@pytest.mark.parametrize("kind", ["email", "phone_number", "contact_info", "file_upload", "SIGNATURE"])
def test_contact_data_and_files_are_not_taken(kind: str) -> None:
    found = mapped(Answer("a", "x", type=kind), "text")
    assert (found.answers, "does not belong in a diary" in found.errors[0].message) == ({}, True)


def test_an_answer_goes_by_either_of_its_names_and_is_there_once() -> None:
    assert mapped(Answer("b", "x", alt_key="a"), "text").answers == {"q": "x"}
    rows = {"instrument": "i", "kind": "k", "rows": [{"answer_key": "a", "question": "q"}]}
    twice = map_answers(
        [Answer("a", "x"), Answer("b", "y", alt_key="a")], FieldMap.model_validate(rows), ZONE
    )
    assert "several answers" in twice.errors[0].message
    one_empty = map_answers([Answer("a", "x"), Answer("a", "")], FieldMap.model_validate(rows), ZONE)
    assert one_empty.answers == {"q": "x"}
    rows["rows"] = [{"answer_key": one, "question": "q"} for one in ("a", "b")]
    both = map_answers([Answer("a", "x"), Answer("b", "y")], FieldMap.model_validate(rows), ZONE)
    assert "same question" in both.errors[0].message


def test_nothing_is_an_answer_to_nothing() -> None:
    nothing: list[JsonValue] = [None, "", []]
    for empty in nothing:
        assert mapped(Answer("a", empty), "integer").errors == []
        assert mapped(Answer("a", empty), "integer", required=True).errors
    assert mapped(Answer("b", "x"), "text").findings == {"unmapped": ["b"]}


def test_a_nul_is_taken_out_and_noted() -> None:
    found = mapped(Answer("a", "long\x00 day"), "text")
    assert (found.answers, found.findings) == ({"q": "long day"}, {"nul_removed": ["a"]})


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@given(ANYTHING, st.sampled_from(list(Transform)), st.lists(st.text(max_size=5), max_size=2))
def test_whatever_comes_it_maps_or_says_why_not(
    answer: Any, transform: Transform, options: list[str]
) -> None:
    found = mapped(Answer("a", answer, option_ids=tuple(options)), transform.value)
    assert len(found.answers) + len(found.errors) <= 1
