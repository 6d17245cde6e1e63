"""Questions that are answered by choosing, by tap and by keyboard."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.schemas.samples import options
from tests.web.form.drawing import NOTHING, Drawn

OPTIONS = [*options("a", "b", "c"), *options("gone", removed=True), *options("none", exclusive=True)]
ENDS = {"min_label": {"en": "Very little"}, "max_label": {"en": "A great deal"}}
ONE_TAP: list[tuple[str, dict[str, Any], str, object]] = [
    ("single_choice", {"options": OPTIONS}, "b", "b"),
    ("yes_no", {}, "No", False),
    ("scale", {"min": 1, "max": 5, **ENDS}, "4", 4),
    ("percentage", {}, "70\u00a0%", 70),
]


@pytest.mark.parametrize(("type_", "definition", "name", "answer"), ONE_TAP, ids=[one[0] for one in ONE_TAP])
@pytest.mark.parametrize("compact", [False, True])
def test_one_tap_is_the_whole_answer(
    blank: Page, type_: str, definition: dict[str, Any], name: str, answer: object, compact: bool
) -> None:
    drawn = Drawn(blank, type_, drawing={"compact": compact}, **definition)
    blank.locator("label.choice", has_text=name).tap()
    assert (drawn.answer, drawn.done, drawn.times) == (answer, 1, 1)
    expect(drawn.named("radio", name)).to_be_checked()
    drawn.named("radio", name).tap()
    assert (drawn.done, drawn.times) == (2, 1), "a second tap moves on and tells nothing new"


@pytest.mark.parametrize(("type_", "definition", "name", "answer"), ONE_TAP, ids=[one[0] for one in ONE_TAP])
def test_arrow_keys_walk_and_enter_or_space_decide(
    blank: Page, type_: str, definition: dict[str, Any], name: str, answer: object
) -> None:
    drawn = Drawn(blank, type_, **definition)
    blank.keyboard.press("Tab")
    for _ in range(20):
        if drawn.answer == answer:
            break
        blank.keyboard.press("ArrowDown")
    assert (drawn.answer, drawn.done) == (answer, 0), "walking past an answer is not yet deciding"
    expect(drawn.named("radio", name)).to_be_focused()
    blank.keyboard.press("Enter")
    assert (drawn.answer, drawn.done) == (answer, 1)
    blank.keyboard.press("Space")
    assert drawn.done == 2


def test_space_chooses_the_first(blank: Page) -> None:
    drawn = Drawn(blank, "yes_no")
    blank.keyboard.press("Tab")
    blank.keyboard.press("Space")
    assert (drawn.answer, drawn.done, drawn.times) == (True, 1, 1)


def test_enter_chooses_and_sends_no_form(blank: Page) -> None:
    drawn = Drawn(blank, "yes_no")
    blank.evaluate(
        "const form = document.createElement('form'); form.append(drawn); "
        "form.onsubmit = (event) => { event.preventDefault(); window.sent = true; }; document.body.append(form)"
    )
    drawn.named("radio", "No").focus()
    blank.keyboard.press("Enter")
    assert (drawn.answer, drawn.done, blank.evaluate("window.sent ?? false")) == (False, 1, False)


def test_a_removed_option_is_offered_no_more_and_still_read(blank: Page) -> None:
    drawn = Drawn(blank, "single_choice", options=OPTIONS)
    expect(blank.get_by_role("radio")).to_have_count(4)
    assert drawn.words("gone") == "gone"


def test_a_choice_can_be_cleared_where_none_is_needed(blank: Page) -> None:
    drawn = Drawn(blank, "yes_no", drawing={"clearable": True})
    expect(drawn.named("button", "Clear this answer")).to_be_hidden()
    drawn.named("radio", "Yes").tap()
    drawn.named("button", "Clear this answer").tap()
    assert (drawn.answer, drawn.done) == (NOTHING, 1)
    expect(drawn.named("radio", "Yes")).not_to_be_checked()
    expect(drawn.named("radio", "Yes")).to_be_focused()


def test_an_earlier_answer_is_shown(blank: Page) -> None:
    for type_, definition, name, answer in ONE_TAP:
        drawn = Drawn(blank, type_, drawing={"answer": answer}, **definition)
        expect(drawn.named("radio", name)).to_be_checked()


def test_the_ends_of_a_scale_are_seen_and_heard_with_their_numbers(blank: Page) -> None:
    drawn = Drawn(blank, "scale", min=1, max=5, **ENDS)
    expect(drawn.named("radio", "1, Very little")).to_be_visible()
    expect(drawn.named("radio", "5, A great deal")).to_be_visible()
    assert blank.locator(".ends > span").all_inner_texts() == ["Very little", "A great deal"]
    assert [drawn.words(1), drawn.words(4)] == ["1 of 5, Very little", "4 of 5"]
    assert Drawn(blank, "scale", min=-3, max=3).words(-2) == "-2 (from -3 to 3)"


def test_a_group_is_named_by_its_question_or_by_the_heading_of_the_page(blank: Page) -> None:
    drawn = Drawn(blank, "yes_no", hint={"en": "Take a moment."})
    group = drawn.named("radiogroup", "How was it?")
    assert (
        group.evaluate("one => document.getElementById(one.getAttribute('aria-describedby')).textContent")
        == "Take a moment."
    )
    blank.evaluate("document.body.insertAdjacentHTML('afterbegin', '<h1 id=top>The heading</h1>')")
    drawn = Drawn(blank, "yes_no", drawing={"labelledBy": "top"})
    expect(drawn.named("radiogroup", "The heading")).to_be_visible()
    expect(blank.locator("legend")).to_have_count(0)


class TestSeveral:
    """Multiple choice."""

    def test_ticks_add_up_in_the_order_of_the_options(self, blank: Page) -> None:
        drawn = Drawn(blank, "multiple_choice", options=OPTIONS)
        drawn.named("checkbox", "c").tap()
        drawn.named("checkbox", "a").tap()
        assert drawn.answer == ["a", "c"]
        assert drawn.words(["a", "c"]) == "a, c"
        drawn.named("checkbox", "c").tap()
        drawn.named("checkbox", "a").tap()
        assert (drawn.answer, drawn.done) == (NOTHING, 0)

    def test_an_exclusive_option_stands_alone(self, blank: Page) -> None:
        drawn = Drawn(blank, "multiple_choice", options=OPTIONS)
        for name in ("a", "b", "none"):
            drawn.named("checkbox", name).tap()
        assert drawn.answer == ["none"]
        drawn.named("checkbox", "b").tap()
        assert drawn.answer == ["b"]

    def test_no_more_than_allowed(self, blank: Page) -> None:
        drawn = Drawn(blank, "multiple_choice", options=OPTIONS, max_selected=2)
        expect(blank.get_by_text("Choose at most 2.")).to_have_count(1)
        for name in ("a", "b", "c"):
            drawn.named("checkbox", name).tap()
        assert (drawn.answer, drawn.times) == (["a", "b"], 2)
        expect(drawn.named("checkbox", "c")).not_to_be_checked()
        expect(blank.get_by_role("status")).to_have_text("Choose at most 2.")
        drawn.named("checkbox", "none").tap()
        assert drawn.answer == ["none"], "an exclusive option makes its own room"
        expect(blank.get_by_role("status")).to_have_text("")

    def test_by_keyboard(self, blank: Page) -> None:
        drawn = Drawn(blank, "multiple_choice", options=OPTIONS)
        for key in ("Tab", "Space", "Tab", "Tab", "Space"):
            blank.keyboard.press(key)
        assert drawn.answer == ["a", "c"]

    def test_what_is_no_longer_offered_is_dropped_at_the_next_tick(self, blank: Page) -> None:
        drawn = Drawn(blank, "multiple_choice", options=OPTIONS, drawing={"answer": ["a", "gone"]})
        expect(drawn.named("checkbox", "a")).to_be_checked()
        drawn.named("checkbox", "b").tap()
        assert drawn.answer == ["a", "b"]


class TestPercentage:
    """Eleven radios and a field for what lies between."""

    def test_another_whole_number(self, blank: Page) -> None:
        drawn = Drawn(blank, "percentage")
        drawn.named("radio", "70\u00a0%").tap()
        drawn.named("textbox", "Another whole number").fill("73")
        assert (drawn.answer, drawn.done) == (73, 1)
        expect(drawn.named("radio", "70\u00a0%")).not_to_be_checked()
        drawn.named("radio", "20\u00a0%").tap()
        assert (drawn.answer, drawn.done) == (20, 2)
        expect(drawn.named("textbox", "Another whole number")).to_have_value("")

    def test_what_is_typed_is_kept_and_told(self, blank: Page) -> None:
        drawn = Drawn(blank, "percentage", drawing={"answer": 73})
        expect(drawn.named("textbox", "Another whole number")).to_have_value("73")
        drawn.named("textbox", "Another whole number").fill("730")
        assert drawn.unsound == (730, ["out_of_range"])
        drawn.named("textbox", "Another whole number").fill("very")
        assert drawn.unsound == ("very", ["wrong_type"])
        drawn.named("textbox", "Another whole number").fill("")
        assert drawn.answer is NOTHING

    def test_a_ten_that_is_typed_is_ticked(self, blank: Page) -> None:
        drawn = Drawn(blank, "percentage")
        drawn.named("textbox", "Another whole number").fill("60")
        expect(drawn.named("radio", "60\u00a0%")).to_be_checked()
        assert (drawn.answer, drawn.done) == (60, 0)
