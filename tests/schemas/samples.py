"""One definition of every question type, with answers that it takes and answers that it refuses."""

from typing import Any, NamedTuple

from pydantic import JsonValue, TypeAdapter

from schemas.questions import Question

QUESTION: TypeAdapter[Question] = TypeAdapter(Question)
LABEL = {"en": "A question"}


class Sample(NamedTuple):
    definition: dict[str, Any]
    good: list[JsonValue]
    bad: list[tuple[JsonValue, str]]


def options(*values: str, **extra: Any) -> list[dict[str, Any]]:
    return [{"value": value, "label": {"en": value}, **extra} for value in values]


def build(type_: str, key: str = "q", **extra: Any) -> Question:
    return QUESTION.validate_python({"type": type_, "key": key, "label": LABEL, **extra})


CHOICES = [*options("a", "2_5"), *options("gone", removed=True), *options("none", exclusive=True)]
CHILDREN = [
    {"type": "short_text", "key": "label", "label": LABEL, "required": True, "max_length": 10},
    {"type": "yes_no", "key": "chosen", "label": LABEL},
    {
        "type": "multiple_choice",
        "key": "why",
        "label": LABEL,
        "options": options("cost", "risk"),
        "relevant": {"not": {"equals": {"question": "chosen", "value": True}}},
    },
]

SAMPLES: dict[str, Sample] = {
    "single_choice": Sample(
        {"options": CHOICES},
        ["a", "2_5", "none"],
        [("b", "unknown_option"), ("gone", "removed_option"), (["a"], "wrong_type"), (1, "wrong_type")],
    ),
    "multiple_choice": Sample(
        {"options": CHOICES, "max_selected": 2},
        [["a"], ["2_5", "a"], ["none"]],
        [
            ("a", "wrong_type"),
            ([], "empty"),
            (["a", "a"], "duplicate_option"),
            (["a", "none"], "exclusive_option"),
            (["gone"], "removed_option"),
            (["a", "x"], "unknown_option"),
            (["a", ["a"]], "wrong_type"),
            (["a", "2_5", "none"], "too_many"),
        ],
    ),
    "scale": Sample(
        {"min": 1, "max": 5, "min_label": {"en": "low"}, "max_label": {"en": "high"}},
        [1, 5, 3.0],
        [(0, "out_of_range"), (6, "out_of_range"), (2.5, "wrong_type"), ("3", "wrong_type")],
    ),
    "number": Sample(
        {"min": -2, "max": 40.5, "decimals": 1, "unit": "km"},
        [0, -2, 40.5, 0.1],
        [(-3, "out_of_range"), (41, "out_of_range"), (0.12, "too_precise"), ("1", "wrong_type")],
    ),
    "percentage": Sample(
        {}, [0, 100, 55], [(101, "out_of_range"), (-1, "out_of_range"), (0.5, "wrong_type")]
    ),
    "short_text": Sample(
        {"max_length": 12},
        ["Tŷ Hywel", "Two\nlines", "😀"],
        [
            ("x" * 13, "too_long"),
            (" \n", "empty"),
            ("", "empty"),
            ("a\x00b", "bad_characters"),
            ("é\udfff", "bad_characters"),
        ],
    ),
    "long_text": Sample({"max_length": 20}, ["Yes, Minister"], [("x" * 21, "too_long"), ("\t", "empty")]),
    "date": Sample(
        {},
        ["2026-11-03", "2024-02-29"],
        [
            ("2026-02-29", "bad_format"),
            ("20261103", "bad_format"),
            ("2026-W45-2", "bad_format"),
            ("0001-01-01", "bad_format"),
            ("٢٠٢٦-11-03", "bad_format"),
            ("2026-11-03\n", "bad_format"),
            (20261103, "wrong_type"),
        ],
    ),
    "date_time": Sample(
        {},
        ["2026-11-03T08:30:00+00:00", "2026-11-03T08:30Z", "2026-11-03T08:30:00.123-05:00"],
        [
            ("2026-11-03T08:30:00", "bad_format"),
            ("2026-11-03", "bad_format"),
            ("2026-02-30T08:30:00Z", "bad_format"),
            ("2026-11-03T24:00:00Z", "bad_format"),
            (1793695800, "wrong_type"),
        ],
    ),
    "time": Sample(
        {}, ["00:00", "23:59"], [("24:00", "bad_format"), ("8:30", "bad_format"), (8, "wrong_type")]
    ),
    "duration": Sample({"max_minutes": 90}, [0, 90], [(91, "out_of_range"), (-1, "out_of_range")]),
    "yes_no": Sample({}, [True, False], [(1, "wrong_type"), ("yes", "wrong_type")]),
    "note": Sample({}, [], [("read", "not_a_question"), (True, "not_a_question")]),
    "repeat_group": Sample(
        {"children": CHILDREN, "min_items": 1, "max_items": 2},
        [[{"label": "one"}], [{"label": "one", "chosen": True}, {"label": "two", "why": ["cost"]}]],
        [
            ([], "too_few"),
            ([{"label": "x"}] * 3, "too_many"),
            ([{"chosen": True}], "required"),
            ([{"label": "x", "chosen": True, "why": ["cost"]}], "irrelevant"),
            ([{"label": None}], "null"),
            ([{"label": "x", "other": 1}], "unknown_question"),
            (["one"], "wrong_type"),
            ({"label": "one"}, "wrong_type"),
        ],
    ),
}
