"""The contract of every question type; each module is found by itself, so a new one cannot hide."""

import csv
import importlib
import io
import json
import pkgutil
from typing import Any, get_args

import jsonschema_rs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import JsonValue

import schemas.questions
from schemas.questions import ChoiceBase, Question, QuestionBase, RepeatGroupQuestion
from tests.schemas.samples import QUESTION, SAMPLES, build

HELPERS = {"base", "checks", "answers", "conditions", "options"}
MODULES = sorted({module.name for module in pkgutil.iter_modules(schemas.questions.__path__)} - HELPERS)
TYPES = sorted(SAMPLES)

DEEP: Any = "x"
for _ in range(2000):
    DEEP = [DEEP]

NUMBERS = [True, False, 0, -1, 1.5, 10**30, -(10**5000), 1e300, float("nan"), float("inf")]
TEXTS = ["", " ", "x", "\x00", "a\x00", "\ud800", "a\udfff", "x" * 100_000]
LISTS = [
    [],
    [[]],
    [{}],
    [None],
    ["\ud800"],
    [float("nan")],
    ["a"] * 100_000,
    [{"\ud800": 1}],
    [{"": 1}],
    DEEP,
]
OBJECTS = [{}, {"label": "x"}, {"a": {"b": [{}]}}, [{"label": "\ud800"}], [{"label": DEEP}]]
BATTERY: list[Any] = [None, *NUMBERS, *TEXTS, *LISTS, *OBJECTS]


def _members(union: Any) -> set[type[QuestionBase]]:
    if isinstance(union, type):
        return {union}
    return {
        member for part in get_args(union) for member in _members(part) if issubclass(member, QuestionBase)
    }


def _sample(type_: str) -> Question:
    return build(type_, **SAMPLES[type_].definition)


def test_that_the_modules_are_found() -> None:
    assert len(MODULES) >= 14


@pytest.mark.parametrize("name", MODULES)
def test_every_module_holds_one_type_that_the_union_knows(name: str) -> None:
    module = importlib.import_module(f"schemas.questions.{name}")
    own = [
        thing
        for thing in vars(module).values()
        if isinstance(thing, type) and issubclass(thing, QuestionBase) and thing.__module__ == module.__name__
    ]
    assert len(own) == 1
    assert own[0] in _members(Question)
    assert get_args(own[0].model_fields["type"].annotation) == (name,)
    assert name in SAMPLES, "a new type needs a sample in tests/schemas/samples.py"


@pytest.mark.parametrize("type_", TYPES)
def test_no_input_whatever_raises_or_comes_back(type_: str) -> None:
    question = _sample(type_)
    for answer in BATTERY:
        errors = question.validate_answer(answer, "/answers/q")
        assert isinstance(errors, list)
        for error in errors:
            assert error.pointer.startswith("/answers/q")
            assert error.message.endswith(".")
            error.model_dump_json()  # a lone surrogate in it would raise
        assert len(question.cells(answer)) == len(question.columns())


@pytest.mark.parametrize("type_", TYPES)
def test_none_is_an_error_as_an_answer_and_empty_as_a_cell(type_: str) -> None:
    question = _sample(type_)
    assert question.validate_answer(None, "/q")
    assert question.cells(None) == [""] * len(question.columns())


@pytest.mark.parametrize("type_", TYPES)
@pytest.mark.parametrize(
    "canary", ["Canary-Wharf", ["Canary-Wharf"], [{"Canary-Wharf": 1, "label": "Canary-Wharf"}]]
)
def test_no_error_repeats_what_was_sent(type_: str, canary: JsonValue) -> None:
    errors = _sample(type_).validate_answer(canary, "/q")
    assert "Canary" not in "".join(error.model_dump_json() for error in errors)


@pytest.mark.parametrize("type_", TYPES)
def test_good_answers_pass_and_agree_with_the_json_schema(type_: str) -> None:
    question = _sample(type_)
    jsonschema_rs.meta.validate(question.json_schema())
    validator = jsonschema_rs.Draft202012Validator(question.json_schema())
    for answer in SAMPLES[type_].good:
        assert question.validate_answer(answer, "/q") == []
        assert validator.is_valid(answer)


@pytest.mark.parametrize(("type_", "answer", "code"), [(t, *bad) for t in TYPES for bad in SAMPLES[t].bad])
def test_bad_answers_are_refused_with_their_code(type_: str, answer: JsonValue, code: str) -> None:
    assert [error.code for error in _sample(type_).validate_answer(answer, "/q")] == [code]


ATOMS = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.sampled_from(
    ["a", "none", "label", "why", "cost", "2026-11-03", "08:30", 1, 0.1]
)  # fmt: skip
ANSWERS = st.recursive(
    ATOMS,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["label", "chosen", "why"]) | st.text(max_size=3), inner, max_size=3
        )
    ),
    max_leaves=8,
)


@given(answer=ANSWERS)
@settings(max_examples=300, deadline=None)
def test_whatever_a_type_takes_its_json_schema_takes_too(answer: Any) -> None:
    for type_ in TYPES:
        question = _sample(type_)
        if not question.validate_answer(answer, "/q"):
            assert jsonschema_rs.Draft202012Validator(question.json_schema()).is_valid(answer)
            assert all(isinstance(cell, str) for cell in question.cells(answer))


@pytest.mark.parametrize("type_", TYPES)
def test_columns_cells_and_codebook_tell_the_same_story(type_: str) -> None:
    question = _sample(type_)
    rows = question.codebook()
    assert [row.column for row in rows] == question.columns()
    assert len(set(question.columns())) == len(question.columns())
    for row in rows:
        assert (row.question, row.type) == (question.key, type_)
        assert row.disclosure == "never"
    for answer in SAMPLES[type_].good:
        cells = question.cells(answer)
        assert all(cells)
        line = io.StringIO()
        csv.writer(line).writerow(cells)


@pytest.mark.parametrize("type_", TYPES)
def test_a_definition_survives_the_wire(type_: str) -> None:
    question = _sample(type_)
    assert question.columns()[:0] == []  # fills what is remembered, which must not travel
    question.validate_answer("x", "/q")
    assert QUESTION.validate_json(QUESTION.dump_json(question)) == question
    assert QUESTION.validate_python(json.loads(question.model_dump_json())) == question


@pytest.mark.parametrize("type_", TYPES)
def test_every_label_is_walked(type_: str) -> None:
    question = build(type_, **SAMPLES[type_].definition, hint={"en": "A hint"})
    texts = [label["en"] for label in question.all_labels()]
    wanted = ["A question", "A hint"]
    if isinstance(question, ChoiceBase):
        wanted += [option.value for option in question.options]
    if isinstance(question, RepeatGroupQuestion):
        wanted += [child.label["en"] for child in question.children]
    assert set(wanted) <= set(texts)
