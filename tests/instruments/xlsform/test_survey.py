"""What Olivia writes into the sheet survey, and what becomes of it."""

from typing import Any

import pytest

from schemas.questions import Question
from tests.instruments.xlsform.books import asks, book, places, reads

CHOICES = [
    ["list_name", "name", "label"],
    ["yn", "yes", "Yes"],
    ["yn", "no", "No"],
    ["ab", "a", "A"],
    ["ab", "b", "B"],
]


def one(row: dict[str, Any], choices: Any = CHOICES) -> Question:
    """The question that one row becomes."""
    row = {"name": "q", "label": "How?"} | row
    return reads(book([[*row], [*row.values()]], choices)).definition.questions[0]


@pytest.mark.parametrize(
    ("row", "wanted"),
    [
        ({"type": "text"}, {"type": "short_text", "max_length": 500}),
        ({"type": "text", "appearance": "multiline"}, {"type": "long_text", "max_length": 20000}),
        ({"type": "text", "constraint": "string-length(.) < 141"}, {"type": "short_text", "max_length": 140}),
        ({"type": "integer"}, {"type": "number", "decimals": 0}),
        ({"type": "integer", "constraint": ".>=0 and .<=100"}, {"min": 0, "max": 100}),
        ({"type": "integer", "constraint": "0 < . and 10 > ."}, {"min": 1, "max": 9}),
        ({"type": "decimal", "constraint": ". > 0", "unit": "km"}, {"decimals": 6, "min": 0.000001, "unit": "km"}),
        ({"type": "decimal", "decimals": 1, "default": 2.5}, {"decimals": 1, "default": 2.5}),
        ({"type": "integer", "question_type": "duration", "constraint": ". <= 90"}, {"max_minutes": 90}),
        ({"type": "range", "parameters": "start=1 end=5 step=1"}, {"type": "scale", "min": 1, "max": 5}),
        ({"type": "range"}, {"type": "scale", "min": 0, "max": 10}),
        ({"type": "range", "parameters": "start=0 end=100"}, {"type": "percentage"}),
        ({"type": "range", "parameters": "start=0;end=500"}, {"type": "number", "min": 0, "max": 500}),
        ({"type": "select_one yn"}, {"type": "yes_no"}),
        ({"type": "select one from yn", "question_type": "single_choice"}, {"type": "single_choice"}),
        ({"type": "select_multiple ab", "constraint": "count-selected(.) <= 1"}, {"max_selected": 1}),
        ({"type": "date", "default": "2026-11-03"}, {"type": "date", "default": "2026-11-03"}),
        ({"type": "time"}, {"type": "time"}),
        ({"type": "dateTime"}, {"type": "date_time"}),
        ({"type": "note"}, {"type": "note"}),
        ({"type": "integer", "disclosure": "Open", "theme": "skills"}, {"disclosure": "open", "theme": "skills"}),
    ],
    ids=lambda one: str(one)[:60],
)  # fmt: skip
def test_each_type_of_row(row: dict[str, Any], wanted: dict[str, Any]) -> None:
    found = one(row).model_dump(mode="json")
    assert {name: found[name] for name in wanted} == wanted


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ({"type": "geopoint"}, "type"),
        ({"type": "calculate"}, "type"),
        ({"type": "rank ab"}, "type"),
        ({"type": "select_one_from_file a.csv"}, "type"),
        ({"type": "tetx"}, "type"),
        ({"type": "select_one nobody"}, "type"),
        ({"type": "text", "constraint": "regex(., 'x')"}, "constraint"),
        ({"type": "integer", "constraint": ". <= ${q}"}, "constraint"),
        ({"type": "date", "constraint": ". <= today()"}, "constraint"),
        ({"type": "date", "default": "today()"}, "default"),
        ({"type": "integer", "default": "many"}, "default"),
        ({"type": "range", "parameters": "start=0 end=1 step=0.1"}, "parameters"),
        ({"type": "text", "required": "${q} = 'x'"}, "required"),
        ({"type": "text", "disclosure": "secret"}, "disclosure"),
        ({"type": "text", "choice_filter": "a = 'b'"}, "choice_filter"),
        ({"type": "text", "appearance": "numbers"}, "appearance"),
        ({"type": "select_one ab", "constraint": "selected(., 'a')"}, "constraint"),
        ({"type": "text", "theme": "Not a key"}, "theme"),
        ({"type": "text", "label": "Hello ${nobody}"}, "label::en"),
        ({"type": "text", "label": ""}, "label"),
        ({"type": "text", "name": "Q-1"}, "name"),
        ({"type": "text", "name": ""}, "name"),
    ],
    ids=lambda one: str(one)[:60],
)
def test_what_cannot_be_represented_is_refused_at_its_cell(row: dict[str, Any], column: str) -> None:
    row = {"name": "q", "label": "How?"} | row
    assert [pointer for pointer, _ in places(book([[*row], [*row.values()]], CHOICES))] == [
        f"/survey/2/{column}"
    ]


def test_a_group_is_flattened_and_its_condition_holds_for_everything_inside() -> None:
    definition = reads(
        asks(
            ["select_one moods", "mood", "Mood?"],
            ["begin group", "more", "More of it", "${mood} = 'tired'"],
            ["text", "why", "Why?"],
            ["begin_group", "deep", None, "${why} != ''"],
            ["text", "since", "Since when?"],
            ["end_group"],
            ["end group"],
            ["text", "last", "Anything else?"],
        )
    ).definition
    assert [question.key for question in definition.questions] == ["mood", "more", "why", "since", "last"]
    kind = definition.forms[0].kind
    wrong = definition.validate_answers(kind, {"mood": "well", "why": "x", "since": "y", "last": "z"})
    assert [one.pointer for one in wrong] == ["/answers/why", "/answers/since"]
    assert definition.validate_answers(kind, {"mood": "tired", "why": "x", "since": "y"}) == []
    assert [one.pointer for one in definition.validate_answers(kind, {"mood": "tired", "since": "y"})] == [
        "/answers/since"
    ]


def test_a_repeat_keeps_its_questions_together() -> None:
    header = ("type", "name", "label", "relevant", "required", "repeat_count")
    content = asks(
        ["begin_repeat", "people", "Who?", None, None, "2"],
        ["select_one moods", "mood", "Mood?", None, "yes"],
        ["text", "why", "Why?", "${mood} = 'tired'"],
        ["end_repeat"],
        ["text", "last", "Else?", "count(${people}) > 0"],
        header=header,
    )
    definition = reads(content).definition
    kind = definition.forms[0].kind
    sound: Any = [{"mood": "well"}, {"mood": "tired", "why": "x"}]
    assert definition.validate_answers(kind, {"people": sound, "last": "y"}) == []
    assert [one.code for one in definition.validate_answers(kind, {"people": sound[:1]})] == ["too_few"]
    wrong = definition.validate_answers(kind, {"people": [{"mood": "well", "why": "x"}, {}]})
    assert [one.code for one in wrong] == ["irrelevant", "required"]


@pytest.mark.parametrize(
    ("rows", "wanted"),
    [
        ([["end repeat"]], ("/survey/2/type", "not_begun")),
        ([["begin group", "g", "G"], ["text", "a", "A"]], ("/survey/2/type", "not_ended")),
        ([["begin repeat", "r", "R"], ["end repeat"]], ("/survey/2/type", "empty_repeat")),
        ([["text", "a", "A"], ["text", "a", "B"]], ("/survey/3/name", "name_twice")),
        ([["text", "a", "A"], ["text", "A", "B"]], ("/survey/3/name", "bad_name")),
        ([["text", "a", "A", "${b} != ''"], ["text", "b", "B", "${a} != ''"]], ("/survey/2/relevant", "definition")),
        ([["text", "a", "A"], ["begin repeat", "r", "R"], ["text", "b", "B", "${a} != ''"], ["end repeat"]],
         ("/survey/4/relevant", "condition")),
        ([["begin repeat", "r", "R"], ["begin repeat", "s", "S"], ["text", "b", "B"], ["end repeat"], ["end repeat"]],
         ("/survey/3/type", "nested_repeat")),
    ],
)  # fmt: skip
def test_a_form_that_does_not_hold_together_is_refused(rows: Any, wanted: tuple[str, str]) -> None:
    assert wanted in places(asks(*rows))


def test_other_is_an_option_and_a_question() -> None:
    definition = reads(asks(["select_multiple moods or_other", "mood", "Mood?"])).definition
    kind = definition.forms[0].kind
    assert definition.validate_answers(kind, {"mood": ["well", "other"], "mood_other": "Sleepy"}) == []
    assert [one.code for one in definition.validate_answers(kind, {"mood": ["well"], "mood_other": "x"})] == [
        "irrelevant"
    ]


def test_an_option_may_stand_alone() -> None:
    header = ("type", "name", "label", "constraint")
    alone = "not(selected(., 'none') and count-selected(.) > 1)"
    definition = reads(asks(["select_multiple moods", "mood", "Mood?", alone], header=header)).definition
    kind = definition.forms[0].kind
    wrong = definition.validate_answers(kind, {"mood": ["none", "well"]})
    assert [one.code for one in wrong] == ["exclusive_option"]


def test_each_text_in_each_language() -> None:
    survey = [
        ["type", "name", "label::English (en)", "label::Welsh (cy)", "hint::cy", "hint::English (en)"],
        ["text", "why", "Why?", "Pam?", "Yn fyr.", "In short."],
    ]
    definition = reads(book(survey, settings=[["form_id"], ["evening"]])).definition
    assert (definition.default_language, definition.languages) == ("en", ["en", "cy"])
    assert definition.questions[0].label == {"en": "Why?", "cy": "Pam?"}
    assert definition.questions[0].hint == {"en": "In short.", "cy": "Yn fyr."}


def test_an_earlier_answer_in_a_text() -> None:
    definition = reads(asks(["text", "who", "Who?"], ["note", "n", "Thank you, ${who}."])).definition
    assert definition.questions[1].label == {"en": "Thank you, {who}."}


def test_what_is_not_kept_is_told() -> None:
    header = ("type", "name", "label", "appearance", "constraint_message")
    reading = reads(asks(["integer", "n", "How many?", "w4", "Too many."], header=header))
    assert [one.code for one in reading.warnings] == ["not_kept"] * 2 + ["unclassed"] + ["unused_list"] * 3
    assert all(one.message.startswith("Sheet ") for one in reading.warnings)


@pytest.mark.parametrize("column", ["lable", "label::klingonish", "media::image", "calculation"])
def test_a_column_that_would_be_lost_is_refused(column: str) -> None:
    content = book([["type", "name", "label::English (en)", column], ["text", "a", "A", "x"]])
    assert [pointer for pointer, _ in places(content)] in (
        ["/survey/1/D"],
        [f"/survey/2/{column.removeprefix('media::')}"],
    )


def test_a_column_of_choices_that_no_filter_names_is_refused() -> None:
    choices = [["list_name", "name", "label", "region"], ["ab", "a", "A", "north"]]
    content = book([["type", "name", "label"], ["select_one ab", "q", "Q?"]], choices)
    assert places(content) == [("/choices/2/region", "unused_column")]
