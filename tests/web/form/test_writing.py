"""Questions that are answered by writing, dictating or with the phone's own pickers."""

from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.web.browsing import PHONE, imported
from tests.web.form.drawing import NOTHING, Drawn


@pytest.mark.parametrize("type_", ["short_text", "long_text"])
def test_a_text_is_told_as_it_is_typed(blank: Page, type_: str) -> None:
    drawn = Drawn(blank, type_)
    blank.keyboard.press("Tab")
    blank.keyboard.type("Paused the bid")
    assert (drawn.answer, drawn.times) == ("Paused the bid", len("Paused the bid"))
    drawn.named("textbox", "How was it?").fill("")
    assert drawn.answer is NOTHING
    assert drawn.words("Paused") == "Paused"


def test_what_is_left_is_counted_once_little_is(blank: Page) -> None:
    """In characters as the server counts them: an emoji is one."""
    drawn = Drawn(blank, "long_text", max_length=100)
    box = drawn.named("textbox", "How was it?")
    box.fill("x" * 79)
    expect(blank.locator(".counter")).to_have_text("")
    box.fill("😀" * 99)
    expect(blank.locator(".counter")).to_have_text("1 character left")
    expect(blank.get_by_role("status")).to_have_text("1 character left")
    box.fill("😀" * 103)
    expect(blank.locator(".counter")).to_have_text("3 characters too many")
    assert drawn.unsound == ("😀" * 103, ["too_long"]), "nothing that was dictated is cut off"


def test_a_keyboard_may_help(blank: Page) -> None:
    """What is read from the phone's own dictation must reach the box, and "next" must be on its keyboard."""
    Drawn(blank, "short_text")
    box = blank.get_by_role("textbox")
    assert box.get_attribute("enterkeyhint") == "next"
    assert box.get_attribute("maxlength") is None


@pytest.mark.parametrize(
    ("typed", "answer"),
    [("12", 12), ("12,5", 12.5), ("12.5", 12.5), (" 1 000 ", 1000), ("1,000", 1000), ("1,234.5", 1234.5), (".5", 0.5),
     ("\u22123", -3), ("-3", -3), ("0", 0)],
)  # fmt: skip
def test_a_number_as_people_type_it(blank: Page, typed: str, answer: float) -> None:
    drawn = Drawn(blank, "number", decimals=1, unit="km", min=-5)
    drawn.named("textbox", "How was it?").fill(typed)
    assert drawn.answer == answer


def test_thousandths_may_be_written_with_a_comma(blank: Page) -> None:
    assert imported(blank, "form/questions/numeric", "[m.parsed('1,234', 3), m.parsed('1,234', 2)]") == [
        1.234,
        1234,
    ]


def test_what_is_no_number_stays_and_is_told(blank: Page) -> None:
    drawn = Drawn(blank, "number")
    drawn.named("textbox", "How was it?").fill("about ten")
    assert drawn.unsound == ("about ten", ["wrong_type"])
    Drawn(blank, "number", drawing={"answer": "about ten"})
    expect(blank.get_by_role("textbox")).to_have_value("about ten")


def test_a_number_has_its_pad_and_its_unit(blank: Page) -> None:
    """A number pad has no minus: where one may be needed, there is the whole keyboard."""
    pads: dict[str, dict[str, Any]] = {"numeric": {"min": 0}, "decimal": {"decimals": 1}, "text": {"min": -5}}
    for pad, definition in pads.items():
        drawn = Drawn(blank, "number", unit="km", **definition)
        assert blank.get_by_role("textbox").get_attribute("inputmode") == pad
    expect(blank.get_by_text("km", exact=True)).to_be_visible()
    assert [drawn.words(2011), drawn.words(-2.5)] == ["2011\u00a0km", "-2.5\u00a0km"]


def test_a_date(blank: Page) -> None:
    drawn = Drawn(blank, "date")
    blank.get_by_label("How was it?").fill("2026-11-03")
    assert drawn.answer == "2026-11-03"
    assert drawn.words("2026-11-03") == "3 November 2026"
    blank.get_by_label("How was it?").fill("")
    assert drawn.answer is NOTHING


def test_a_date_left_half_filled_in_is_not_taken_for_none(blank: Page) -> None:
    drawn = Drawn(blank, "date")
    blank.get_by_label("How was it?").focus()
    blank.keyboard.type("0311")
    for _ in range(4):
        blank.keyboard.press("Tab")
    assert drawn.unsound == ("", ["bad_format"])


def test_a_date_by_keyboard(blank: Page) -> None:
    drawn = Drawn(blank, "date")
    blank.keyboard.press("Tab")
    blank.keyboard.type("03112026")
    assert drawn.answer in {"2026-11-03", "2026-03-11"}, "in the order of the browser's own language"


def test_a_time(blank: Page) -> None:
    drawn = Drawn(blank, "time", drawing={"answer": "08:30"})
    expect(blank.get_by_label("How was it?")).to_have_value("08:30")
    blank.get_by_label("How was it?").fill("09:15")
    assert drawn.answer == "09:15"
    assert drawn.words("09:15") == "09:15"


@pytest.mark.parametrize(
    ("zone", "local", "answer"),
    [
        ("Europe/London", "2026-11-03T08:30", "2026-11-03T08:30:00+00:00"),
        ("Europe/London", "2026-07-03T08:30", "2026-07-03T08:30:00+01:00"),
        ("America/St_Johns", "2026-11-03T08:30", "2026-11-03T08:30:00-03:30"),
        ("Asia/Kathmandu", "2026-11-03T23:59", "2026-11-03T23:59:00+05:45"),
        ("Europe/London", "2026-03-29T01:30", "2026-03-29T02:30:00+01:00"),
    ],
)
def test_an_instant_has_the_offset_of_its_own_day(
    browser: Browser, files: str, zone: str, local: str, answer: str
) -> None:
    """The last: the hour that a spring night skips is the one after it, as on the phone's own clock."""
    with browser.new_context(**{**PHONE, "timezone_id": zone}) as context:
        page = context.new_page()
        page.goto(files)
        drawn = Drawn(page, "date_time")
        page.get_by_label("How was it?").fill(local)
        assert drawn.answer == answer


def test_an_instant_is_shown_by_the_phones_clock_and_told_by_the_one_there(blank: Page) -> None:
    drawn = Drawn(blank, "date_time", drawing={"answer": "2026-11-03T08:30:00-05:00"})
    expect(blank.get_by_label("How was it?")).to_have_value("2026-11-03T13:30")
    assert drawn.words("2026-11-03T08:30:00-05:00") == "3 November 2026, 08:30"


def test_a_duration(blank: Page) -> None:
    drawn = Drawn(blank, "duration")
    drawn.named("textbox", "hours").fill("2")
    assert drawn.answer == 120
    drawn.named("textbox", "minutes").fill("15")
    assert drawn.answer == 135
    drawn.named("textbox", "hours").fill("")
    assert drawn.answer == 15
    drawn.named("textbox", "minutes").fill("")
    assert drawn.answer is NOTHING
    assert [drawn.words(one) for one in (135, 60, 5, 0)] == ["2 h 15 min", "1 h", "5 min", "0 min"]


def test_a_duration_that_is_no_number_stays_and_is_told(blank: Page) -> None:
    drawn = Drawn(blank, "duration", drawing={"answer": 135})
    expect(drawn.named("textbox", "hours")).to_have_value("2")
    drawn.named("textbox", "minutes").fill("15ish")
    assert drawn.unsound == ("2:15ish", ["wrong_type"])
    drawn = Drawn(blank, "duration", drawing={"answer": "2:15ish"})
    expect(drawn.named("textbox", "minutes")).to_have_value("15ish")


def test_a_note_is_only_read(blank: Page) -> None:
    Drawn(blank, "note", hint={"en": "Nobody else sees it."})
    expect(blank.get_by_text("How was it?")).to_be_visible()
    expect(blank.get_by_text("Nobody else sees it.")).to_be_visible()
    expect(blank.locator("input, textarea, button")).to_have_count(0)


def test_a_type_of_later_years_says_so_and_judges_nothing(blank: Page) -> None:
    question = {"key": "q", "type": "hologram", "label": {"en": "How does it shine?"}}
    render = "const r = m.renderer('hologram'); "
    found = imported(
        blank,
        "form/questions/register",
        f"(() => {{ {render} return [m.isKnown('hologram'), r.draw({{question: given}}).textContent,"
        " r.words(given, 1), r.errors(given, 1, '/q')]; })()",
        question,
    )
    said = "This question needs a newer version of this app. Your other answers are kept."
    assert found == [False, f"How does it shine?{said}", "", []]


def test_an_error_is_said_beside_the_input_and_goes_again(blank: Page) -> None:
    drawn = Drawn(blank, "short_text", hint={"en": "One line."})
    box = drawn.named("textbox", "How was it?")
    box.press_sequentially("Paused")
    drawn.shows(("/answers/q", "Please shorten this."))
    expect(box).to_have_attribute("aria-invalid", "true")
    expect(box).to_have_accessible_description("One line. Error: Please shorten this.")
    expect(box).to_have_value("Paused")
    expect(box).to_be_focused()
    drawn.shows(("/answers/other", "Elsewhere."))
    expect(box).not_to_have_attribute("aria-invalid", "true")
    expect(blank.locator(".error")).to_be_hidden()
