"""What a new version may not do, and how its answers compare with the old one's."""

import copy
from collections.abc import Callable
from typing import Any

import pytest

from schemas.change_gate import comparability, compare
from schemas.instrument import InstrumentDefinition
from tests.schemas.samples import CHILDREN, LABEL, options

FOR_FIVE = {"in": {"question": "scale", "values": [5]}}
Change = Callable[[list[dict[str, Any]]], object]

BASE: dict[str, Any] = {
    "key": "diary",
    "version": 1,
    "title": {"en": "A diary"},
    "default_language": "en",
    "languages": ["en", "cy"],
    "questions": [
        {"type": "single_choice", "key": "choice", "label": LABEL, "options": options("a", "b")},
        {"type": "scale", "key": "scale", "label": LABEL, "min": 1, "max": 5},
        {"type": "number", "key": "number", "label": LABEL, "unit": "km", "max": 9},
        {"type": "repeat_group", "key": "group", "label": LABEL, "children": CHILDREN},
        {"type": "short_text", "key": "text", "label": LABEL},
    ],
    "forms": [
        {
            "kind": "decision",
            "label": LABEL,
            "contingency": "event",
            "items": [{"question": "choice"}, {"question": "scale"}],
        }
    ],
}


def build(data: dict[str, Any]) -> InstrumentDefinition:
    return InstrumentDefinition.model_validate(data)


def changed(change: Change, version: int = 2) -> InstrumentDefinition:
    data = copy.deepcopy(BASE) | {"version": version}
    change(data["questions"])
    return build(data)


def verdict(change: Change) -> list[tuple[str, str]]:
    errors = compare(build(BASE), changed(change))
    assert all(error.message.endswith(".") for error in errors)
    return [(error.pointer, error.code) for error in errors]


def setting(index: int, **fields: Any) -> Change:
    return lambda questions: questions[index].update(fields)


@pytest.mark.parametrize(
    "change",
    [
        lambda _: None,
        setting(0, label={"en": "Better words"}),
        setting(0, options=[*options("b", removed=True), *options("a", "c")]),
        setting(2, max=20),
        lambda questions: questions.append({"type": "yes_no", "key": "fresh", "label": LABEL}),
        lambda questions: questions.reverse(),
        lambda questions: questions[3]["children"].append({"type": "yes_no", "key": "fresh", "label": LABEL}),
    ],
)
def test_what_may_change(change: Change) -> None:
    assert verdict(change) == []


@pytest.mark.parametrize(
    ("change", "wanted"),
    [
        (lambda questions: questions.pop(4), ("/questions/text", "question_removed")),
        (setting(4, type="long_text"), ("/questions/text", "type_changed")),
        (setting(0, options=options("a", "c")), ("/questions/choice/options/b", "option_removed")),
        (setting(1, max=7), ("/questions/scale", "bounds_changed")),
        (setting(2, unit="miles"), ("/questions/number/unit", "unit_changed")),
        (
            lambda questions: questions[3]["children"].pop(),
            ("/questions/group/children/why", "question_removed"),
        ),
        (
            lambda questions: questions[3]["children"][0].update(type="long_text"),
            ("/questions/group/children/label", "type_changed"),
        ),
        (
            lambda questions: questions[3]["children"][2].update(options=options("cost")),
            ("/questions/group/children/why/options/risk", "option_removed"),
        ),
    ],
)
def test_what_may_never_change(change: Change, wanted: tuple[str, str]) -> None:
    assert verdict(change) == [wanted]


def test_a_question_may_leave_every_form() -> None:
    data = copy.deepcopy(BASE) | {"version": 2}
    data["forms"][0]["items"].pop()
    assert compare(build(BASE), build(data)) == []


@pytest.mark.parametrize("version", [1, 3])
def test_versions_count_one_by_one(version: int) -> None:
    errors = compare(build(BASE), changed(lambda _: None, version))
    assert [error.code for error in errors] == ["version"]


def test_the_key_of_the_instrument_stays() -> None:
    errors = compare(build(BASE), build(copy.deepcopy(BASE) | {"version": 2, "key": "other"}))
    assert [error.code for error in errors] == ["key_changed"]


@pytest.mark.parametrize(
    ("change", "key", "wanted"),
    [
        (lambda _: None, "choice", "identical"),
        (setting(0, disclosure="open"), "choice", "identical"),
        (setting(0, hierarchy={"a": ["x"], "b": ["x"]}), "choice", "identical"),
        (setting(0, label={"en": "Better words"}), "choice", "wording"),
        (setting(0, label={**LABEL, "cy": "Cwestiwn"}), "choice", "wording"),
        (setting(0, hint={"en": "A hint"}), "choice", "wording"),
        (setting(0, options=[*options("a"), {"value": "b", "label": {"en": "Bee"}}]), "choice", "wording"),
        (setting(0, options=options("a", "b", "c")), "choice", "options_added"),
        (setting(0, options=[*options("a", "c"), *options("b", removed=True)]), "choice", "not_comparable"),
        (setting(0, options=[*options("a"), *options("b", exclusive=True)]), "choice", "not_comparable"),
        (
            setting(0, options=[*options("a"), *options("b", relevant=FOR_FIVE)]),
            "choice",
            "not_comparable",
        ),
        (setting(0, theme="skills"), "choice", "identical"),
        (setting(0, default="a"), "choice", "not_comparable"),
        (setting(1, min_label={"en": "Low"}), "scale", "wording"),
        (setting(1, max=7), "scale", "not_comparable"),
        (setting(1, relevant={"answered": {"question": "choice"}}), "scale", "not_comparable"),
        (setting(4, type="long_text"), "text", "not_comparable"),
        (lambda questions: questions[3]["children"][0].update(hint={"en": "Short"}), "group", "wording"),
        (lambda questions: questions[3]["children"][0].update(max_length=99), "group", "not_comparable"),
        (lambda questions: questions[3]["children"].pop(), "group", "not_comparable"),
        (
            lambda questions: questions[3]["children"].append(
                {"type": "yes_no", "key": "fresh", "label": LABEL}
            ),
            "group",
            "options_added",
        ),
    ],
)
def test_comparability(change: Change, key: str, wanted: str) -> None:
    marks = comparability(build(BASE), changed(change))
    assert marks[key] == wanted
    assert all(mark == "identical" for other, mark in marks.items() if other != key)


def test_only_shared_questions_are_compared() -> None:
    fresh = {"type": "yes_no", "key": "fresh", "label": LABEL}
    marks = comparability(build(BASE), changed(lambda questions: questions.__setitem__(4, fresh)))
    assert set(marks) == {"choice", "scale", "number", "group"}
