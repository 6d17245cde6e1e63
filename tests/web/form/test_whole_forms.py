"""Every kind of entry of the shipped instruments, filled in through the renderers alone."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page

from schemas.instrument import InstrumentDefinition
from schemas.questions import QuestionBase, RepeatGroupQuestion
from schemas.questions.options import ChoiceBase
from schemas.relevance import Equals, In, leaves
from tests.schemas.shipped import DIARY, PROFILE

KINDS = [(instrument, form.kind) for instrument in (DIARY, PROFILE) for form in instrument.forms]
_BEGIN = """async ([instrument, kind]) => {
  const flow = await import("/form/flow.js");
  const { renderer } = await import("/form/questions/register.js");
  const { formErrors } = await import("/form/checks.js");
  window.answers = flow.defaults(instrument, kind);
  window.step = (key) => {
    const item = flow.next(instrument, kind, window.answers, key, { more: true });
    if (!item) return null;
    const question = item.question;
    const onAnswer = (value) => (window.answers[question.key] = value);
    const answer = window.answers[question.key];
    document.querySelector("main").replaceChildren(renderer(question.type).draw({ question, answer, onAnswer }));
    return question.key;
  };
  window.sent = () => flow.prune(instrument, kind, window.answers);
  window.isComplete = () => flow.isComplete(instrument, kind, window.answers);
  window.errors = () => formErrors(instrument, kind, window.sent());
}"""


@pytest.mark.parametrize(("instrument", "kind"), KINDS, ids=[kind for _, kind in KINDS])
def test_a_kind_is_filled_in_from_beginning_to_end(
    blank: Page, instrument: InstrumentDefinition, kind: str
) -> None:
    blank.evaluate(_BEGIN, [instrument.model_dump(mode="json"), kind])
    form = instrument.form(kind)
    assert form is not None
    asked: list[str] = []
    while key := blank.evaluate("key => step(key)", asked[-1] if asked else None):
        asked.append(key)
        question = instrument.question(key)
        assert question is not None
        _fill(blank.locator("main > .field"), question, instrument)
    assert asked == [item.question for item in form.items], "each question was asked once, in order"
    answers = blank.evaluate("sent()")
    assert instrument.validate_answers(kind, answers) == []
    assert set(answers) == set(asked), "and each has an answer"
    assert blank.evaluate("isComplete()") is True
    assert blank.evaluate("errors()") == []


def test_what_is_missing_is_told_alike(blank: Page) -> None:
    for instrument, kind in KINDS:
        blank.evaluate(_BEGIN, [instrument.model_dump(mode="json"), kind])
        told = blank.evaluate("errors().map((one) => one.pointer)")
        assert sorted(told) == sorted(error.pointer for error in instrument.validate_answers(kind, {}))
        assert blank.evaluate("isComplete()") is (told == [])


def _fill(field: Locator, question: QuestionBase, instrument: InstrumentDefinition | None = None) -> None:
    if isinstance(question, RepeatGroupQuestion):
        _fill_items(field, question)
    elif isinstance(question, ChoiceBase):
        offered = [option for option in question.options if not option.removed]
        wanted = _awaited(question.key, instrument)
        chosen = next((option for option in offered if option.value in wanted), offered[0])
        field.get_by_label(chosen.label["en"], exact=True).check()
    else:
        _BY_TYPE[question.type](field)


def _fill_items(field: Locator, question: RepeatGroupQuestion) -> None:
    for position in range(max(2, question.min_items)):
        if position:
            field.get_by_role("button", name="Add another").tap()
        item = field.locator("li").nth(position)
        for child, own in zip(question.children, item.locator(".field").all(), strict=True):
            if own.is_visible():
                _fill(own, child)


def _awaited(key: str, instrument: InstrumentDefinition | None) -> set[Any]:
    """The values of a question that others wait for, so that each is asked."""
    conditions = [one.relevant for one in instrument.questions if one.relevant] if instrument else []
    terms = [leaf for one in conditions for leaf in leaves(one) if leaf.term.question == key]
    return {
        value
        for leaf in terms
        for value in (
            leaf.term.values
            if isinstance(leaf, In)
            else [leaf.term.value]
            if isinstance(leaf, Equals)
            else []
        )
        if value != "outside_uk"  # waited for by a condition that it makes false
    }


_BY_TYPE: dict[str, Callable[[Locator], None]] = {
    "scale": lambda field: field.get_by_role("radio").last.check(),
    "yes_no": lambda field: field.get_by_label("No", exact=True).check(),
    "percentage": lambda field: field.get_by_label("60\u00a0%", exact=True).check(),
    "number": lambda field: field.get_by_role("textbox").fill("2011"),
    "short_text": lambda field: field.get_by_role("textbox").fill("Paused the skills bid"),
    "long_text": lambda field: field.get_by_role("textbox").fill("Ddim yn glir\npwy sy'n arwain 😀"),
    "date": lambda field: field.locator("input").fill("2027-01-15"),
    "time": lambda field: field.locator("input").fill("08:30"),
}
