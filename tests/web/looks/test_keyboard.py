"""Mia uses nothing but a keyboard: from her code to a saved decision, a change of it, and the settings."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.web.browsing import PHONE
from tests.web.joining.phone import REQUIRED
from tests.web.joining.place import Place
from tests.web.journey.diary import DECISION, HEADLINE
from tests.web.looks.typist import Typist

READ = "I have read the information and could ask questions."
AGREED = [READ, "I agree to take part, and know that I can stop at any time.", "My entries may be part of"]
PHASE = "Which phase is the partnership or place in?"


@pytest.fixture
def mia(browser: Browser, place: Place) -> Iterator[Typist]:
    """Mia, who has not joined yet."""
    context = browser.new_context(**PHONE)
    yield Typist(context, place)
    context.close()


def joins(mia: Typist) -> Typist:
    """Join; what she has left out first is named, and each line leads to its place."""
    mia.open().sees("Join with your code").reaches("Invitation code")
    mia.page.keyboard.type(mia.place.world.invite())
    mia.key("Enter").sees("Place leadership").enters("Join the study").reads("Please check")
    mia.tab()
    mia.key("Enter")
    assert mia.focus()["group"] == READ
    for statement in AGREED:
        mia.picks(statement, "Yes")
    return mia.enters("Join the study").sees("About you")


def fills_in(mia: Typist) -> Typist:
    """Save too early, go to what is missing, and save again."""
    mia.enters("Save").reads("Please check").tab()
    mia.key("Enter")
    assert mia.focus()["group"] == next(iter(REQUIRED))
    for question, answer in REQUIRED.items():
        mia.picks(question, answer)
    return mia.enters("Save").sees("Put Daybook on your home screen")


def test_the_whole_way_with_the_keyboard(mia: Typist) -> None:
    fills_in(joins(mia)).enters("Go to Today").sees("Today")
    mia.enters("A decision").sees("A decision")
    mia.page.keyboard.type(HEADLINE)
    for question, answer in DECISION.items():
        mia.picks(question, answer)
    mia.enters("Save").sees("Saved").stands("Everything is sent")

    mia.enters("See this entry").sees(HEADLINE).enters("Change").sees("Check your answers")
    mia.enters(f"Change: {PHASE}").sees(PHASE).picks(PHASE, "Crisis").key("Enter")
    mia.sees("Check your answers").enters("Save").sees("Saved").stands("Everything is sent")
    assert mia.stored()[0]["entry"]["answers"]["phase"] == "crisis"

    mia.enters("Go to Today").sees("Today").enters("Settings").sees("Settings")
    mia.picks("Short entries", "One question at a time")
    mia.tab()
    mia.reaches("One question at a time", key="Shift+Tab")
    mia.settles("store/account", "m.read().then(({ preferences }) => preferences?.layout === 'pages')")
    assert mia.errors == []
