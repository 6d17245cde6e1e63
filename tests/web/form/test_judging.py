"""The phone judges conditions and answers as the server does: by the shared tables, and by chance."""

import json
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from playwright.sync_api import Page

from schemas.instrument import InstrumentDefinition
from schemas.questions import QuestionBase, RepeatGroupQuestion
from schemas.questions.options import ChoiceBase
from tests.schemas.question_cases import ANSWERS, ENTRIES, INSTRUMENT, QUESTIONS, told
from tests.schemas.shipped import DIARY, PROFILE
from tests.web.browsing import imported

CONDITIONS = json.loads(
    (Path(__file__).parents[2] / "schemas" / "relevance_cases.json").read_text(encoding="utf-8")
)["cases"]
TOLD = "errors.map((one) => [one.pointer, one.code])"


def _judged(page: Page, expression: str, given: Any) -> Any:
    # As text: half a character of a damaged emoji would not survive the way to the browser.
    return imported(page, "form/checks", f"(given => {expression})(JSON.parse(given))", json.dumps(given))


def test_conditions_hold_as_on_the_server(blank: Page) -> None:
    held = imported(
        blank, "form/relevance", "given.map((one) => m.holds(one.condition, one.answers))", CONDITIONS
    )
    assert [
        case["name"] for case, found in zip(CONDITIONS, held, strict=True) if found is not case["holds"]
    ] == []


def test_no_condition_always_holds_and_an_unheard_of_one_never(blank: Page) -> None:
    """A published instrument says null where a question has no condition."""
    expression = "[null, undefined, {}, {maybe: {}}, {toString: 1}].map((one) => m.holds(one, {}))"
    assert imported(blank, "form/relevance", expression) == [True, True, False, False, False]


def test_answers_are_wrong_as_on_the_server(blank: Page) -> None:
    cases = [{**case, "question": QUESTIONS[case["question"]]} for case in ANSWERS]
    found = _judged(
        blank,
        f"given.map((c) => {{ const errors = m.questionErrors(c.question, c.answer, '/q'); return {TOLD}; }})",
        cases,
    )
    assert _differing(ANSWERS, found) == []


def test_entries_are_wrong_as_on_the_server(blank: Page) -> None:
    found = _judged(
        blank,
        "given.cases.map((c) => { const errors = m.formErrors(given.instrument, c.kind, c.answers);"
        f" return {TOLD}; }})",
        {"instrument": INSTRUMENT, "cases": ENTRIES},
    )
    assert _differing(ENTRIES, found) == []


def test_each_error_is_told_in_a_sentence(blank: Page) -> None:
    """No sentence is left with a {gap}, and none names a code."""
    cases = [{**case, "question": QUESTIONS[case["question"]]} for case in ANSWERS]
    sentences = _judged(
        blank, "given.flatMap((c) => m.questionErrors(c.question, c.answer)).map((one) => one.message)", cases
    )
    assert len(set(sentences)) > 15
    assert [one for one in sentences if not one.endswith(".") or "{" in one or "_" in one] == []


def test_an_error_names_its_question(blank: Page) -> None:
    """So that a summary of errors can lead to it."""
    given = {
        "instrument": INSTRUMENT,
        "answers": {"themes": ["skills"], "first": "skills", "steps": [{}, {"why": 1}]},
    }
    found = _judged(
        blank, "m.formErrors(given.instrument, 'day', given.answers).map((one) => one.question)", given
    )
    assert set(found) == {"steps", "quiet"}


def _differing(cases: list[dict[str, Any]], found: list[list[list[str]]]) -> list[Any]:
    return [
        (case["name"], sorted(one))
        for case, one in zip(cases, found, strict=True)
        if sorted(one) != case["errors"]
    ]


ODD: st.SearchStrategy[Any] = st.sampled_from(
    [None, True, False, 0, 1, 2.5, -1, 10**15, "", " ", "x", "2026-11-03", "08:30", [], {}, ["x"]]
)
TEXTS = st.text(alphabet=st.sampled_from("aé😀 \n\0\u0301\u0085\ufeff"), max_size=150)


NUMBERS = st.integers(-5, 110) | st.floats(-5, 110, width=16) | st.integers(1900, 2200)
BY_TYPE: dict[str, st.SearchStrategy[Any]] = {
    "short_text": TEXTS,
    "long_text": TEXTS,
    "date": st.dates().map(str),
    "time": st.times().map(lambda time: time.isoformat("minutes")),
    "yes_no": st.booleans(),
}


def _answers_to(question: QuestionBase) -> st.SearchStrategy[Any]:
    if isinstance(question, RepeatGroupQuestion):
        return st.lists(st.one_of(_items(question.children), ODD), max_size=question.max_items + 1)
    if isinstance(question, ChoiceBase):
        values = st.sampled_from([*(option.value for option in question.options), "x"])
        return st.lists(values, max_size=5) if question.type == "multiple_choice" else values
    return BY_TYPE.get(question.type, NUMBERS)


def _items(questions: list[Any]) -> st.SearchStrategy[dict[str, Any]]:
    answers: dict[str, Any] = {one.key: _answers_to(one) | ODD for one in questions}
    return st.fixed_dictionaries({}, optional={**answers, "unheard_of": ODD})


def _entries(instrument: InstrumentDefinition) -> st.SearchStrategy[tuple[str, dict[str, Any]]]:
    by_kind = []
    for form in instrument.forms:
        questions = [instrument.question(item.question) for item in form.items]
        answers = _items([*questions, instrument.questions[-1]])
        by_kind.append(st.tuples(st.just(form.kind), answers))
    return st.one_of(by_kind)


@given(
    diary=st.lists(_entries(DIARY), min_size=30, max_size=60),
    profile=st.lists(_entries(PROFILE), max_size=20),
)
@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
def test_whatever_is_answered_both_sides_say_the_same(blank: Page, diary: Any, profile: Any) -> None:
    """Some hundreds of entries by chance, in batches: a page for each would take minutes."""
    for instrument, entries in ((DIARY, diary), (PROFILE, profile)):
        found = _judged(
            blank,
            "given.entries.map(([kind, answers]) => {"
            f" const errors = m.formErrors(given.instrument, kind, answers); return {TOLD}; }})",
            {"instrument": instrument.model_dump(mode="json"), "entries": entries},
        )
        for (kind, answers), errors in zip(entries, found, strict=True):
            assert sorted(errors) == told(instrument.validate_answers(kind, answers)), (kind, answers)
