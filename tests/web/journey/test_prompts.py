"""What the study asks for is on Leo's phone: he answers it once, and nothing asks for it again."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

from playwright.sync_api import expect

from api.core import clock
from schemas.prompt import PromptStatus
from tests.web.joining.place import Place
from tests.web.journey.asking import asks, became
from tests.web.journey.diary import HEADLINE, Leader

Phones = Callable[..., Leader]
WHY = "Why is there nothing to report?"
ASKED = "You are asked for"


def asked(leo: Leader) -> int:
    """Count what Today asks for."""
    return leo.page.locator('a.row[href^="#/prompt/"]').count()


def says_nothing(leo: Leader) -> Leader:
    """Answer the one question of a day without anything to report."""
    return leo.sees(WHY).chooses(WHY, "There was no decision").sees("Saved")


def test_leo_answers_what_he_is_asked(place: Place, leader: Phones) -> None:
    leo = leader(place).has_joined()
    prompt = asks(place, leo, "decision")
    leo.goes("/").reads(ASKED).tap_row("A decision").sees("A decision")
    leo.page.keyboard.type(HEADLINE)
    leo.answers_the_rest().tap("Save").sees("Saved").stands("Everything is sent")
    found = became(place, prompt)
    assert (found.status, str(found.entry_id)) == (PromptStatus.ANSWERED, leo.stored()[0]["receipt"]["id"])
    assert found.opened_at is not None
    leo.goes("/").sees("Today")
    expect(leo.page.get_by_text(ASKED)).to_have_count(0)
    leo.goes(f"/prompt/{prompt}").sees("Already answered").tap("See this entry").sees(HEADLINE)


def test_an_entry_that_he_begins_by_himself_answers_what_is_open(place: Place, leader: Phones) -> None:
    leo = leader(place).has_joined()
    asks(place, leo, "day")
    prompt = asks(place, leo, "nothing_to_report")
    leo.goes("/").sees("Today").tap("Nothing to report today")
    says_nothing(leo).stands("Everything is sent")
    assert became(place, prompt).status == PromptStatus.ANSWERED
    leo.goes("/").reads(ASKED)
    assert asked(leo) == 1


def test_a_follow_up_is_asked_for_once_and_names_its_decision(place: Place, leader: Phones) -> None:
    """The phone knows by itself that it is due, and so does the study: it stands on Today once."""
    leo = leader(place).has_joined().backdated(40).stands("Everything is sent")
    decision = leo.stored()[0]["receipt"]["id"]
    prompt = asks(place, leo, "followup", follows=UUID(decision))
    leo.goes("/").reads("How did these turn out?")
    expect(leo.page.locator("a.row").filter(has_text=HEADLINE)).to_have_count(1)
    leo.tap_row(HEADLINE).reads("What you wrote then")
    leo.goes_through(
        {
            "How did it turn out?": "As I expected",
            "How surprised are you?": "2",
            "Would you decide the same again?": "Yes",
            "How good was the way the decision was made?": "4",
        }
    )
    leo.sees("Saved").stands("Everything is sent")
    assert became(place, prompt).status == PromptStatus.ANSWERED
    entry = next(one["entry"] for one in leo.stored() if one["entry"]["kind"] == "followup")
    assert (entry["follows"], entry["prompt_id"]) == (decision, prompt)
    leo.goes("/").sees("Today")
    expect(leo.page.get_by_text("How did these turn out?")).to_have_count(0)


def test_without_a_network_he_answers_and_is_not_asked_again(place: Place, leader: Phones) -> None:
    leo = leader(place).has_joined().is_ready_for_no_network()
    prompt = asks(place, leo, "nothing_to_report")
    place.network.cut = True
    leo.page.reload()
    says_nothing(leo.sees("Today").tap_row("Nothing"))
    leo.reads("Saved on this phone, not sent yet").goes("/").sees("Today")
    expect(leo.page.get_by_text(ASKED)).to_have_count(0)
    leo.goes(f"/prompt/{prompt}").sees("Already answered")
    place.network.cut = False
    leo.page.evaluate("() => dispatchEvent(new Event('online'))")
    leo.stands("Everything is sent")
    assert became(place, prompt).status == PromptStatus.ANSWERED


def test_later_is_later(place: Place, leader: Phones) -> None:
    leo, before = leader(place).has_joined(), clock.now()
    prompt = asks(place, leo, "day")
    leo.goes("/").reads(ASKED)
    leo.press(leo.page.get_by_text("Ask me again in 30 minutes"))
    leo.reads("You will be asked again:")
    found = became(place, prompt)
    assert found.step == 1
    assert found.due_at is not None
    assert timedelta(minutes=29) < found.due_at - before < timedelta(minutes=33)


def test_when_the_next_one_comes(place: Place, leader: Phones) -> None:
    leo = leader(place).has_joined()
    asks(place, leo, "day", minutes=26 * 60)
    leo.goes("/").sees("Today").reads("Next reminder: ")
    assert asked(leo) == 0


def test_a_reminder_that_is_over_or_anothers_is_said_kindly(place: Place, leader: Phones) -> None:
    leo, lena = leader(place).has_joined(), leader(place).has_joined()
    over = asks(place, leo, "day", expires_at=clock.now() - timedelta(minutes=1))
    leo.goes(f"/prompt/{over}").sees("This reminder is over")
    lena.goes(f"/prompt/{over}").sees("Reminder not found").tap("Go to Today").sees("Today")
