"""The way through a form: what is asked, what comes next, what is sent; and earlier answers in later texts."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from playwright.sync_api import Page

from schemas.instrument import InstrumentDefinition
from tests.schemas.question_cases import INSTRUMENT
from tests.web.browsing import imported

SMALL = InstrumentDefinition.model_validate(INSTRUMENT)
START = {"themes": ["skills"], "first": "skills"}


def _flow(page: Page, expression: str, answers: dict[str, Any], **given: Any) -> Any:
    given |= {"i": SMALL.model_dump(mode="json"), "answers": answers}
    return imported(page, "form/flow", f"(({{i, answers, ...given}}) => {expression})(given)", given)


def _asked(page: Page, answers: dict[str, Any], more: bool = False) -> list[str]:
    return list(
        _flow(
            page,
            "m.asked(i, 'day', answers, {more: given.more}).map((one) => one.question.key)",
            answers,
            more=more,
        )
    )


def test_what_applies_is_asked_in_order_notes_included(blank: Page) -> None:
    assert _asked(blank, {}) == ["welcome", "themes", "constructor"]
    assert _asked(blank, START) == ["welcome", "themes", "first", "people", "constructor"]
    assert _asked(blank, {**START, "people": 3}, more=True) == [
        "welcome", "themes", "first", "people", "about", "constructor", "quiet", "steps",
    ]  # fmt: skip


def test_an_item_says_what_the_form_says(blank: Page) -> None:
    item = _flow(blank, "m.asked(i, 'day', answers)[1]", {})
    assert (item["question"]["type"], item["required"], item["more"]) == ("multiple_choice", True, False)


def test_a_leftover_answer_decides_nothing(blank: Page) -> None:
    """Mo chose themes, said how many people, then took the themes back: "about" hung on the people."""
    assert "about" not in _asked(blank, {"people": 3, "about": "Us"})


def test_next_and_previous_pass_what_does_not_apply(blank: Page) -> None:
    steps = (
        "[m.next(i, 'day', answers, given.key), m.previous(i, 'day', answers, given.key)]"
        ".map((one) => one?.question.key ?? null)"
    )
    assert _flow(blank, steps, {}, key="themes") == ["constructor", "welcome"]
    assert _flow(blank, steps, START, key="themes") == ["first", "welcome"]
    assert _flow(blank, steps, {}, key=None) == ["welcome", "constructor"]
    assert _flow(blank, steps, {}, key="constructor") == [None, "themes"]
    assert _flow(blank, steps, {}, key="first") == ["constructor", "themes"], (
        "also from where one no longer is"
    )


def test_what_no_longer_applies_or_is_empty_is_not_sent(blank: Page) -> None:
    given = {
        "themes": [],
        "first": "skills",
        "people": 3,
        "about": "Us",
        "quiet": " \n",
        "welcome": "read",
        "unheard_of": 1,
        "steps": [{"label": "Go", "chosen": True, "why": "cost", "who": []}, {}, {"label": "  "}],
    }
    assert _flow(blank, "m.prune(i, 'day', answers)", given) == {"steps": [{"label": "Go", "chosen": True}]}
    assert _flow(blank, "m.prune(i, 'day', answers)", {"steps": [{}, {"why": None}]}) == {}


def test_an_answer_that_applies_again_is_sent(blank: Page) -> None:
    """Pruning looks at what was answered, not at what an earlier step left over."""
    chain: dict[str, Any] = {
        "questions": [
            {"key": "a", "type": "yes_no"},
            {"key": "b", "type": "yes_no", "relevant": {"equals": {"question": "a", "value": True}}},
            {"key": "c", "type": "yes_no", "relevant": {"not": {"answered": {"question": "b"}}}},
        ],
        "forms": [{"kind": "day", "items": [{"question": key} for key in ("c", "b", "a")]}],
    }
    pruned = imported(blank, "form/flow", "m.prune(given, 'day', {a: false, b: true, c: true})", chain)
    assert pruned == {"a": False, "c": True}


@given(
    entries=st.lists(
        st.fixed_dictionaries(
            {},
            optional={
                "themes": st.lists(st.sampled_from(["skills", "data"]), max_size=2, unique=True)
                | st.just(["none"]),
                "first": st.sampled_from(["skills", "data", "none"]),
                "people": st.integers(0, 5),
                "about": st.sampled_from(["Us", "", " "]),
                "constructor": st.booleans(),
                "quiet": st.just("Yes"),
                "steps": st.lists(
                    st.fixed_dictionaries(
                        {}, optional={"label": st.just("Go"), "chosen": st.booleans(), "why": st.just("cost")}
                    ),
                    max_size=3,
                ),
            },
        ),
        min_size=50,
        max_size=100,
    )
)
@settings(max_examples=5, deadline=None, suppress_health_check=list(HealthCheck))
def test_the_server_finds_only_missing_answers_in_what_is_pruned(
    blank: Page, entries: list[dict[str, Any]]
) -> None:
    expression = "given.entries.map((one) => [m.prune(i, 'day', one), m.isComplete(i, 'day', one)])"
    for answers, is_complete in _flow(blank, expression, {}, entries=entries):
        errors = SMALL.validate_answers("day", answers)
        assert {error.code for error in errors} <= {"required"}
        assert is_complete is (errors == [])


def test_an_entry_begins_with_the_defaults(blank: Page) -> None:
    """False and 0 are answers; null is none."""
    questions = [
        {"key": key, "default": default} for key, default in [("a", False), ("b", 0), ("c", None), ("d", "x")]
    ]
    given = {
        "questions": questions,
        "forms": [{"kind": "day", "items": [{"question": key} for key in "abc"]}],
    }
    assert imported(blank, "form/flow", "m.defaults(given, 'day')", given) == {"a": False, "b": 0}


PIPED = [
    ("How sure are you about {about}?", "How sure are you about Us?"),
    ("You chose {themes}.", "You chose Skills, Data."),
    ("{first} and {people}", "… and 4"),
    ("Without braces", "Without braces"),
    ("{unheard_of}, {}, {Not a key}, {{about}}", "{unheard_of}, {}, {Not a key}, {Us}"),
    ("Earlier: {followed.about}, {followed.people}", "Earlier: Them {about}, …"),
    ("{followed.unheard_of} {other.about}", "{followed.unheard_of} {other.about}"),
    ("{constructor}", "…"),
]


@pytest.mark.parametrize(("text", "wanted"), PIPED)
def test_earlier_answers_in_later_texts(blank: Page, text: str, wanted: str) -> None:
    given = {"questions": INSTRUMENT["questions"], "text": text}
    found = imported(
        blank,
        "form/piping",
        "(() => { const find = (key) => given.questions.find((one) => one.key === key);"
        " const earlier = m.followed({about: 'Them {about}'}, find);"
        " return m.piped(given.text, {about: 'Us', themes: ['skills', 'data'], people: 4}, find, earlier); })()",
        given,
    )
    assert found == wanted


def test_an_option_that_no_longer_applies_is_not_sent(blank: Page) -> None:
    """Mo chose Tacoma in Pierce county, then moved to Texas, where there is no such county, nor that town."""
    given = {"state": "washington", "county": "pierce", "towns": ["tacoma"]}
    assert _flow(blank, "m.prune(i, 'other', answers)", given) == given
    moved = given | {"state": "texas"}
    assert _flow(blank, "m.prune(i, 'other', answers)", moved) == {"state": "texas"}
    kept = {"state": "washington", "county": "king", "towns": ["seattle", "tacoma"]}
    assert _flow(blank, "m.prune(i, 'other', answers)", kept) == kept | {"towns": ["seattle"]}
