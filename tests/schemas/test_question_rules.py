"""What single question types add to the contract: columns, cells, codebooks and refused definitions."""

from typing import Any

import pytest
from pydantic import JsonValue, ValidationError

from schemas.questions import RepeatGroupQuestion
from tests.schemas.samples import CHILDREN, CHOICES, LABEL, build, options


def test_multiple_choice_has_a_column_per_option_even_a_removed_one() -> None:
    question = build("multiple_choice", options=CHOICES)
    assert question.columns() == ["q__a", "q__2_5", "q__gone", "q__none"]
    assert question.cells(["2_5", "gone"]) == ["0", "1", "1", "0"]
    assert question.codebook()[1].label == {"en": "A question: 2_5"}
    assert set(question.codebook()[1].values) == {"0", "1"}


@pytest.mark.parametrize(
    ("type_", "extra", "answer", "cell"),
    [
        ("yes_no", {}, True, "1"),
        ("yes_no", {}, False, "0"),
        ("scale", {"min": 1, "max": 5}, 3.0, "3"),
        ("number", {"decimals": 2}, 2.5, "2.5"),
        ("number", {"decimals": 6}, 0.000001, "0.000001"),
        ("number", {}, -(10**15), "-1000000000000000"),
        ("short_text", {}, "=1+1", "=1+1"),
        ("repeat_group", {"children": CHILDREN}, [{"label": "a"}, {"label": "b"}], "2"),
    ],
)
def test_cells(type_: str, extra: dict[str, Any], answer: JsonValue, cell: str) -> None:
    assert build(type_, **extra).cells(answer) == [cell]


def test_units_and_scale_ends_reach_the_codebook() -> None:
    assert build("percentage").codebook()[0].unit == "%"
    assert build("duration").codebook()[0].unit == "minutes"
    assert build("number", unit="km").codebook()[0].unit == "km"
    scale = build("scale", min=1, max=7, min_label={"en": "low"}, max_label={"en": "high"})
    assert scale.codebook()[0].values == {"1": {"en": "low"}, "7": {"en": "high"}}


def test_a_repeat_counts_in_its_own_table_and_spreads_in_another() -> None:
    group = build("repeat_group", children=CHILDREN)
    assert isinstance(group, RepeatGroupQuestion)
    assert group.columns() == ["q__count"]
    assert group.child_columns() == ["label", "chosen", "why__cost", "why__risk"]
    assert group.child_cells({"label": "x", "why": ["risk"]}) == ["x", "", "0", "1"]
    assert group.child_cells({}) == ["", "", "", ""]
    assert [row.column for row in group.child_codebook()] == group.child_columns()


def test_errors_inside_a_repeat_point_at_the_item() -> None:
    group = build("repeat_group", children=CHILDREN)
    errors = group.validate_answer([{"label": "fine"}, {"label": "far too long"}, {}], "/answers/q")
    assert [(error.pointer, error.code) for error in errors] == [
        ("/answers/q/1/label", "too_long"),
        ("/answers/q/2/label", "required"),
    ]


def test_errors_inside_a_list_point_at_the_option() -> None:
    errors = build("multiple_choice", options=CHOICES).validate_answer(["a", "zzz"], "/answers/q")
    assert [error.pointer for error in errors] == ["/answers/q/1"]


def test_no_class_counts_as_never() -> None:
    assert build("yes_no").effective_disclosure == "never"
    assert build("yes_no", disclosure="open").effective_disclosure == "open"


def test_a_default_must_be_an_answer() -> None:
    assert build("single_choice", options=CHOICES, default="a").default == "a"
    with pytest.raises(ValidationError, match="default of 'q'"):
        build("single_choice", options=CHOICES, default="gone")


def _hierarchy(**ancestors: list[str]) -> dict[str, Any]:
    return {"options": options("a", "b", "c"), "hierarchy": ancestors}


def test_a_sound_hierarchy_is_kept() -> None:
    build("single_choice", **_hierarchy(a=["x", "z"], b=["x", "z"], c=["y", "z"]))
    build("single_choice", **_hierarchy(a=[], b=[], c=[]))


@pytest.mark.parametrize(
    ("type_", "extra", "sentence"),
    [
        ("single_choice", _hierarchy(a=["x"], b=["x"]), "must name every option"),
        ("single_choice", _hierarchy(a=["x"], b=["x"], c=["x"], d=["x"]), "must name every option"),
        ("single_choice", _hierarchy(a=["x"], b=["x"], c=["x", "y"]), "same number of levels"),
        ("single_choice", _hierarchy(a=["x", "y"], b=["x", "z"], c=["w", "z"]), "'x' has two parents"),
        ("single_choice", {"options": options("a", "a")}, "same option twice"),
        ("single_choice", {"options": options("a", removed=True)}, "offers no option"),
        ("multiple_choice", {"options": options("a"), "max_selected": 2}, "more options than it has"),
        ("scale", {"min": 5, "max": 5}, "must end above"),
        ("number", {"min": 2, "max": 1}, "smallest number above its largest"),
        ("repeat_group", {"children": CHILDREN, "min_items": 3, "max_items": 2}, "more items than it allows"),
        ("repeat_group", {"children": [CHILDREN[0], CHILDREN[0]]}, "share a key or a column"),
        ("repeat_group", {"children": [CHILDREN[2]]}, "names 'chosen', which is not a question here"),
    ],
)
def test_unsound_definitions_are_refused_in_a_sentence(
    type_: str, extra: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(ValidationError, match=sentence):
        build(type_, **extra)


@pytest.mark.parametrize(
    ("type_", "extra"),
    [
        ("single_choice", {"options": options("Not A Value")}),
        ("single_choice", {"options": []}),
        ("yes_no", {"disclosure": "public"}),
        ("yes_no", {"surprise": True}),
        ("number", {"min": float("nan")}),
        ("number", {"max": 10**30}),
        ("short_text", {"max_length": 501}),
        (
            "repeat_group",
            {"children": [{"type": "repeat_group", "key": "r", "label": LABEL, "children": CHILDREN}]},
        ),
        ("telepathy", {}),
    ],
)
def test_shapeless_definitions_are_refused(type_: str, extra: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        build(type_, **extra)
