"""The expressions of `relevant` that Daybook knows, judged on answers; and those that it refuses."""

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.instruments.xlsform.bounds import bounds
from api.instruments.xlsform.grammar import parse
from api.instruments.xlsform.tree import Unsaid
from schemas.relevance import evaluate
from tests.instruments.xlsform.books import asks, places, reads

ASKED = [
    ["select_one moods", "mood", "Mood?"],
    ["select_multiple moods", "moods", "Moods?"],
    ["select_one points", "point", "Points?"],
    ["select_one yn", "sure", "Sure?"],
    ["integer", "age", "Age?"],
    ["text", "why", "Why?"],
    ["date", "day", "Day?"],
]
HELD = [
    ("${mood} = 'tired'", {"mood": "tired"}, {"mood": "well"}),
    ("'tired' = ${mood}", {"mood": "tired"}, {}),
    ("selected(${mood}, 'tired')", {"mood": "tired"}, {"mood": "well"}),
    ("selected( ${ moods } , \u2018tired\u2019)", {"moods": ["well", "tired"]}, {"moods": ["well"]}),
    ("not(selected(${moods}, 'none'))", {}, {"moods": ["none"]}),
    ("${mood} != 'well'", {}, {"mood": "well"}),
    ("${mood} = 'well' or ${mood} = 'none'", {"mood": "none"}, {"mood": "tired"}),
    ("(${mood} = 'well') or (${mood} = 'none')", {"mood": "none"}, {"mood": "tired"}),
    ("${age} >= 18 and (${sure} = 'yes' or ${why} != '')", {"age": 18, "why": "x"}, {"age": 18, "sure": False}),
    ("${sure} = 'yes'", {"sure": True}, {"sure": False}),
    ("not(${sure} = 'yes')", {}, {"sure": True}),
    ("${age} > 17.5", {"age": 18}, {"age": 17}),
    ("18 <= ${age}", {"age": 18}, {}),
    ("${age} = '18'", {"age": 18}, {"age": 19}),
    ("${age} < -1", {"age": -2}, {"age": 0}),
    ("${age} = ''", {}, {"age": 3}),
    ("${point} = 2", {"point": "2"}, {"point": "1"}),
    ("${point} > 1", {"point": "3"}, {"point": "1"}),
    ("count-selected(${moods}) > 0", {"moods": ["well"]}, {}),
    ("string-length(${why}) = 0", {}, {"why": "x"}),
    ("${day} = '2026-11-03'", {"day": "2026-11-03"}, {"day": "2026-11-04"}),
    ("not(not(${why} != ''))", {"why": "x"}, {}),
]  # fmt: skip
UNSAID = [
    "${nobody} = 'x'",
    "${mood} = 'splendid'",
    "selected(${mood}, 'splendid')",
    "${mood} = ${why}",
    "${age} + 1 > 3",
    "${age} div 2 = 1",
    "if(${age} > 3, 1, 0)",
    "regex(${why}, '[a-z]+')",
    "${day} > '2026-01-01'",
    "${why} > 'a'",
    "${moods} = 'well'",
    "${age} = 'many'",
    "${sure} = 'maybe'",
    "count-selected(${moods}) >= 2",
    "true()",
    "${mood}",
    "${last-saved#mood} = 'well'",
    "../mood = 'well'",
    "${mood} = 'well",
    "(${mood} = 'well'",
    "${mood} = 'well')",
    "${mood} = 'well' and",
    "${mood} = well",
    "${age} = 1 = 1",
    "(" * 40 + "${age} = 1" + ")" * 40,
    "x" * 6000,
    "",
]


@pytest.mark.parametrize(("text", "holds", "fails"), HELD, ids=[one[0] for one in HELD])
def test_a_condition_holds_as_its_author_meant(
    text: str, holds: dict[str, Any], fails: dict[str, Any]
) -> None:
    definition = reads(asks(*ASKED, ["note", "seen", "Seen.", text])).definition
    condition = definition.questions[-1].relevant
    assert condition is not None
    assert evaluate(condition, holds)
    assert not evaluate(condition, fails)


@pytest.mark.parametrize("text", UNSAID[:-1], ids=[one[:40] for one in UNSAID[:-1]])
def test_another_expression_is_refused_at_its_cell(text: str) -> None:
    assert places(asks(*ASKED, ["note", "seen", "Seen.", text])) == [("/survey/9/relevant", "condition")]


@given(st.text(alphabet="${}ab()'\"<>=!., 012andornotselected-", max_size=60))
@settings(deadline=None, max_examples=300)
def test_nothing_written_makes_it_fail_otherwise(text: str) -> None:
    for read in (parse, bounds):
        with suppress(Unsaid):
            read(text)
