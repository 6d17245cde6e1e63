"""A decision in ten taps, kept as it is written, and never asked for twice."""

from collections.abc import Callable

from playwright.sync_api import expect

from tests.web.joining.place import Place
from tests.web.journey.diary import DECISION, HEADLINE, Leader

Phones = Callable[..., Leader]


def test_leo_records_a_decision_in_ten_taps(either_place: Place, leader: Phones) -> None:
    leo = leader(either_place).has_joined()
    leo.taps = 0
    leo.decides()
    assert leo.taps <= 10
    leo.reads("Sent").stands("Everything is sent")
    [stored] = leo.stored()
    entry = stored["entry"]
    assert entry["answers"]["headline"] == HEADLINE
    assert (entry["answers"]["confidence"], entry["answers"]["phase"]) == (70, "recovery")
    assert (entry["entered_by"], entry["time_zone"]) == ("self", "Europe/London")
    assert entry["client"]["name"] == "daybook-web"
    assert leo.errors == []


def test_one_question_a_page_goes_on_by_itself_after_a_single_choice(place: Place, leader: Phones) -> None:
    leo = leader(place).has_joined()
    leo.tap("A decision").tap("One question at a time")
    leo.sees("Where were you?").chooses("Where were you?", "In a scheduled meeting")
    leo.sees("Who else was involved?").chooses("Who else was involved?", "A council").tap("Continue")
    leo.sees("What was the decision?").types(HEADLINE)
    leo.page.keyboard.press("Enter")
    for question in list(DECISION)[2:]:
        leo.sees(question).chooses(question, DECISION[question])
        if question == "Which themes did it touch?":
            leo.tap("Continue")
    leo.sees("Check your answers").reads(HEADLINE).tap("Save").sees("Saved")
    assert leo.headlines() == [HEADLINE]


def test_what_leo_has_begun_is_there_after_the_browser_was_closed(place: Place, leader: Phones) -> None:
    """Every answer is on the phone within half a second, and he goes on at the same question."""
    leo = leader(place).has_joined()
    leo.tap("A decision").tap("One question at a time").chooses("Where were you?", "Travelling")
    leo.sees("Who else was involved?").chooses("Who else was involved?", "My own team")
    leo.page.wait_for_timeout(500)
    leo.killed().open().sees("Today").tap_row("Continue: A decision")
    leo.sees("Who else was involved?")
    expect(leo.choice("Who else was involved?", "My own team")).to_be_checked()
    leo.tap("Continue").sees("What was the decision?").tap("‹ Back").tap("‹ Back")
    expect(leo.choice("Where were you?", "Travelling")).to_be_checked()


def test_a_missing_answer_is_named_and_one_tap_away(place: Place, leader: Phones) -> None:
    leo = leader(place).has_joined()
    leo.tap("A decision").sees("A decision")
    leo.page.keyboard.type(HEADLINE)
    for question, answer in DECISION.items():
        if question != "Where does the decision stand?":
            leo.chooses(question, answer)
    leo.tap("Save")
    summary = leo.page.get_by_role("alert").filter(has_text="Please check")
    expect(summary).to_be_focused()
    summary.get_by_role("button", name="Where does the decision stand?").tap()
    expect(leo.page.get_by_role("radiogroup", name="Where does the decision stand?")).to_have_attribute(
        "aria-invalid", "true"
    )
    assert leo.page.evaluate("() => document.activeElement.closest('fieldset').textContent").count("Made")
    leo.chooses("Where does the decision stand?", "Made").tap("Save").sees("Saved")


def test_two_taps_on_save_make_one_entry(place: Place, leader: Phones) -> None:
    leo = leader(place).has_joined()
    leo.tap("A decision").sees("A decision")
    leo.page.keyboard.type(HEADLINE)
    for question, answer in DECISION.items():
        leo.chooses(question, answer)
    leo.page.evaluate(
        "() => { const save = document.querySelector('.bar button'); save.click(); save.click(); }"
    )
    leo.sees("Saved").stands("Everything is sent")
    assert leo.headlines() == [HEADLINE]


def test_nothing_to_report_takes_two_taps(place: Place, leader: Phones) -> None:
    leo = leader(place).has_joined()
    leo.taps = 0
    leo.tap("Nothing to report today").chooses("Why is there nothing to report?", "I was on leave").sees(
        "Saved"
    )
    leo.stands("Everything is sent")
    assert leo.taps == 2
    assert [one["entry"]["kind"] for one in leo.stored()] == ["nothing_to_report"]


def test_a_decision_of_yesterday_is_dated_yesterday(place: Place, leader: Phones) -> None:
    leo = leader(place).has_joined()
    leo.tap("A decision").sees("A decision")
    leo.page.get_by_role("link", name="Change: When it happened").tap()
    leo.sees("When did it happen?").tap("Yesterday").sees("Yesterday")
    leo.page.get_by_label("What time was it, roughly?").fill("16:30")
    leo.tap("Continue").sees("A decision").reads("yesterday 16:30")
    leo.page.get_by_role("textbox").first.fill(HEADLINE)
    for question, answer in DECISION.items():
        leo.chooses(question, answer)
    leo.tap("Save").sees("Saved").stands("Everything is sent")
    [stored] = leo.stored()
    assert stored["entry"]["happened_at"][11:16] == "16:30"
    assert stored["entry"]["local_date"] < stored["entry"]["made_at"][:10]


def test_a_question_that_applies_only_now_is_asked_before_saving(place: Place, leader: Phones) -> None:
    """Whoever wants to be asked on a date is asked for the date, on a page of its own."""
    leo = leader(place).has_joined()
    leo.tap("A decision").sees("A decision")
    leo.page.keyboard.type(HEADLINE)
    for question, answer in (
        DECISION | {"When should we ask how it turned out?": "On a date I choose"}
    ).items():
        leo.chooses(question, answer)
    leo.tap("Save").sees("On which date should we ask?")
    leo.page.locator("input[type=date]").fill("2027-03-01")
    leo.tap("Continue").sees("Check your answers").tap("Save").sees("Saved").reads("Monday 1 March")
    assert leo.stored()[0]["entry"]["answers"]["review_date"] == "2027-03-01"
