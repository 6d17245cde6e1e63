"""Repeats: a list of items, each with questions of its own, by tap and by keyboard."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.schemas.samples import options
from tests.web.form.drawing import NOTHING, Drawn

CHILDREN: list[dict[str, Any]] = [
    {"type": "short_text", "key": "label", "label": {"en": "The option"}, "required": True, "max_length": 20},
    {"type": "yes_no", "key": "chosen", "label": {"en": "Was it chosen?"}},
    {
        "type": "single_choice",
        "key": "why",
        "label": {"en": "Why not {label}?"},
        "options": options("cost", "risk"),
        "relevant": {"not": {"equals": {"question": "chosen", "value": True}}},
    },
]
TWO = [{"label": "Go ahead", "chosen": False, "why": "risk"}, {"label": "Pause", "chosen": True}]


def _group(page: Page, **drawing: Any) -> Drawn:
    return Drawn(page, "repeat_group", children=CHILDREN, min_items=1, max_items=3, drawing=drawing)


def test_the_first_item_is_there_and_open(blank: Page) -> None:
    drawn = _group(blank)
    expect(drawn.named("textbox", "The option")).to_be_visible()
    drawn.named("textbox", "The option").fill("Pause")
    assert drawn.answer == [{"label": "Pause"}]
    drawn.named("textbox", "The option").fill("")
    assert drawn.answer is NOTHING, "an empty item is no answer"


def test_another_item_has_the_focus_and_its_own_answers(blank: Page) -> None:
    drawn = _group(blank, answer=TWO[1:])
    drawn.named("button", "Add another").tap()
    expect(blank.locator("summary").nth(1)).to_be_focused()
    blank.get_by_role("group", name="Item 2").get_by_role("textbox").fill("Stop")
    assert drawn.answer == [TWO[1], {"label": "Stop"}]
    expect(blank.locator("summary")).to_have_text(["Item 1: Pause, Was it chosen? Yes", "Item 2: Stop"])


def test_the_whole_by_keyboard(blank: Page) -> None:
    """Nothing needs a pointer: type, choose, add, type, remove."""
    drawn = _group(blank)
    press = blank.keyboard.press
    for _ in range(2):  # the item's summary, then its text
        press("Tab")
    blank.keyboard.type("Pause")
    press("Tab")
    press("Space")  # chosen: yes
    assert drawn.answer == [{"label": "Pause", "chosen": True}]
    drawn.named("button", "Add another").focus()
    press("Enter")
    press("Tab")
    blank.keyboard.type("Stop")
    assert drawn.answer == [{"label": "Pause", "chosen": True}, {"label": "Stop"}]
    blank.get_by_role("button", name="Remove item 1").focus()
    press("Enter")
    assert drawn.answer == [{"label": "Stop"}]
    expect(drawn.named("button", "Put item 1 back")).to_be_focused()
    press("Enter")
    assert drawn.answer == [{"label": "Pause", "chosen": True}, {"label": "Stop"}]
    expect(blank.locator("summary").first).to_be_focused()


def test_an_item_is_opened_to_be_changed(blank: Page) -> None:
    drawn = _group(blank, answer=TWO)
    expect(blank.get_by_role("textbox")).to_have_count(0)
    blank.locator("summary").nth(1).tap()
    blank.get_by_role("textbox").fill("Wait")
    assert drawn.answer == [TWO[0], {"label": "Wait", "chosen": True}]


def test_removing_an_item_leaves_the_others_and_their_places(blank: Page) -> None:
    drawn = _group(blank, answer=TWO)
    for one in range(2):
        blank.locator("summary").nth(one).tap()
    drawn.named("button", "Remove item 1").tap()
    assert drawn.answer == TWO[1:]
    drawn.shows(("/answers/q/0/label", "Too long."))
    expect(blank.get_by_role("textbox")).to_have_accessible_description("Error: Too long.")


def test_an_empty_item_is_left_out_and_shifts_no_errors(blank: Page) -> None:
    """Pat left the first item blank: the server's item 0 is the one she sees as item 2."""
    drawn = _group(blank)
    drawn.named("button", "Add another").tap()
    blank.get_by_role("textbox").nth(1).fill("Stop")
    assert drawn.answer == [{"label": "Stop"}]
    drawn.shows(("/answers/q/0/label", "Too long."))
    expect(blank.get_by_role("textbox").nth(1)).to_have_attribute("aria-invalid", "true")
    expect(blank.get_by_role("textbox").nth(0)).not_to_have_attribute("aria-invalid", "true")


def test_how_many_are_needed_is_told_until_they_are_there(blank: Page) -> None:
    drawn = Drawn(blank, "repeat_group", children=CHILDREN[:1], min_items=2)
    expect(blank.get_by_text("At least 2 are needed. So far: 0.")).to_be_visible()
    for name in ("Pause", "Stop"):
        blank.get_by_role("textbox").last.fill(name)
        drawn.named("button", "Add another").tap()
    expect(blank.get_by_text("are needed")).to_have_count(0)


def test_a_name_of_the_entry_is_known_inside(blank: Page) -> None:
    """And a name of the item itself goes first, also when the entry's answers change."""
    children = [{**CHILDREN[0], "label": {"en": "An option for {headline}, {other}"}}, CHILDREN[2]]
    Drawn(blank, "repeat_group", children=[children[0], CHILDREN[1], children[1]])
    change = (
        "async () => (await import('/form/questions/field.js'))"
        ".reword(drawn, (name) => (name === 'other' ? undefined : `the ${name}`))"
    )
    blank.evaluate(change)
    expect(blank.get_by_role("textbox", name="An option for the headline, {other}")).to_be_visible()
    expect(blank.get_by_role("radiogroup", name="Why not …?")).to_be_visible()


def test_no_more_than_allowed(blank: Page) -> None:
    drawn = _group(blank, answer=TWO)
    drawn.named("button", "Add another").tap()
    expect(drawn.named("button", "Add another")).to_be_hidden()
    expect(blank.get_by_text("You have added all 3 that fit here.")).to_be_visible()
    drawn.named("button", "Remove item 3").tap()
    expect(drawn.named("button", "Add another")).to_be_visible()


def test_a_question_that_does_not_apply_is_away_and_not_sent(blank: Page) -> None:
    drawn = _group(blank, answer=TWO[:1])
    blank.locator("summary").tap()
    expect(blank.get_by_role("radiogroup", name="Why not Go ahead?")).to_be_visible()
    blank.get_by_role("radio", name="Yes").tap()
    expect(blank.get_by_role("radiogroup", name="Why not Go ahead?")).to_be_hidden()
    assert drawn.answer == [{"label": "Go ahead", "chosen": True}]
    blank.get_by_role("radio", name="No").tap()
    assert drawn.answer == TWO[:1], "what was answered before is there again"


def test_a_label_follows_the_answer_that_it_names(blank: Page) -> None:
    drawn = _group(blank)
    expect(blank.get_by_role("radiogroup", name="Why not …?")).to_be_visible()
    drawn.named("textbox", "The option").fill("<b>Stop</b>")
    expect(blank.get_by_role("radiogroup", name="Why not <b>Stop</b>?")).to_be_visible()


def test_errors_open_their_item_and_lead_to_it(blank: Page) -> None:
    drawn = _group(blank, answer=TWO)
    drawn.shows(("/answers/q/1/chosen", "Please answer this question."), ("/answers/q", "Please look again."))
    expect(blank.get_by_role("radiogroup", name="Was it chosen?")).to_have_count(1)
    expect(blank.get_by_text("Please look again.")).to_be_visible()
    found = blank.evaluate(
        "async () => (await import('/form/questions/field.js')).focusOn(drawn, '/answers/q/1/chosen')"
    )
    assert found is True
    expect(blank.get_by_role("radio", name="Yes")).to_be_focused()


def test_dictation_is_not_disturbed_while_other_answers_change(blank: Page) -> None:
    """The same node, the same caret: a phone's dictation goes on writing into what it began."""
    drawn = _group(blank)
    box = drawn.named("textbox", "The option")
    box.fill("Pause the bid")
    box.evaluate("box => { window.box = box; box.setSelectionRange(5, 5); }")
    blank.evaluate("() => document.querySelectorAll('input[type=radio]')[1].click()")
    drawn.shows(("/answers/q/0/label", "Too long."))
    drawn.shows()
    blank.keyboard.type("d")
    assert blank.evaluate("[box.isConnected, document.activeElement === box, box.value]") == [
        True,
        True,
        "Paused the bid",
    ]
    assert drawn.answer == [{"label": "Paused the bid", "chosen": False}]


def test_the_words_are_a_short_list(blank: Page) -> None:
    drawn = _group(blank)
    assert drawn.words(TWO) == "Go ahead, Was it chosen? No, risk; Pause, Was it chosen? Yes"


@pytest.mark.parametrize("answer", [None, "x", [None], [1, "x"], [{"label": None}], [{"why": "gone"}], {}])
def test_what_came_from_elsewhere_is_drawn_all_the_same(blank: Page, answer: Any) -> None:
    _group(blank, answer=answer)
    expect(blank.locator("summary").first).to_be_visible()


def test_an_earlier_answer_of_the_item_decides_what_is_offered(blank: Page) -> None:
    pierce = {"in": {"question": "state", "values": ["washington"]}}
    children = [
        {
            "type": "single_choice",
            "key": "state",
            "label": {"en": "State"},
            "options": options("texas", "washington"),
        },
        {
            "type": "single_choice",
            "key": "county",
            "label": {"en": "County"},
            "options": [*options("king"), *options("pierce", relevant=pierce)],
        },
    ]
    drawn = Drawn(blank, "repeat_group", children=children, min_items=1, max_items=3)
    expect(drawn.named("radio", "king")).to_be_visible()
    expect(drawn.named("radio", "pierce")).to_have_count(0)
    drawn.named("radio", "washington").tap()
    drawn.named("radio", "pierce").tap()
    assert drawn.answer == [{"state": "washington", "county": "pierce"}]
    drawn.named("radio", "texas").tap()
    expect(drawn.named("radio", "pierce")).to_have_count(0)
    assert drawn.answer == [{"state": "texas"}], "a county of another state is no answer"
