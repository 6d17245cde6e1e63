"""Leo's iPhone has WebKit: what he writes is kept, survives a reload without a network, and is sent once."""

import pytest

from tests.web.joining.place import Place
from tests.web.journey.diary import DECISION, HEADLINE
from tests.web.journey.test_the_whole_way import PROBES
from tests.web.webkit.leo import Leo

pytestmark = pytest.mark.webkit

LATER = "Whether to close the ring road on market days"
UNSENT = "1 entry saved on this phone, not sent yet"
WHEN = "When should we ask how it turned out?"
SCREENS = {
    "/": "Today",
    "/past": "Past entries",
    "/insights": "Insights",
    "/settings": "Settings",
    "/devices": "Devices",
    "/data": "My data",
    "/help": "Help",
    "/leave": "Leave the study",
}
_WIDER = "return document.scrollingElement.scrollWidth - innerWidth"
_ABOVE = """
  const heading = document.querySelectorAll("fieldset h2")[1];
  const words = document.createRange();
  words.selectNodeContents(heading);
  const before = heading.closest("fieldset").previousElementSibling;
  return words.getBoundingClientRect().top - before.getBoundingClientRect().bottom;
"""
# As a phone's picker gives a date: how the fields of a date are typed depends on the machine's locale.
_PICKED = """
  const input = document.querySelector("input[type=date]");
  input.value = arguments[0];
  for (const type of ["input", "change"]) input.dispatchEvent(new Event(type, { bubbles: true }));
"""
_VALUE = "return document.querySelector('main textarea, main input[type=text]').value"


def test_leo_joins_and_what_he_decides_is_sent(place: Place, leo: Leo) -> None:
    leo.has_joined().decides().reads("Sent").stands("Everything is sent")
    assert place.headlines() == {HEADLINE}
    assert leo.stored() == {HEADLINE: 1}


def test_without_the_service_an_entry_is_kept_and_then_sent_once(place: Place, leo: Leo) -> None:
    leo.has_joined().is_ready_for_no_network().decides().stands("Everything is sent")
    place.network.cut = True
    leo.tap("Go to Today").sees("Today").decides(LATER).reads("Saved on this phone, not sent yet")
    leo.stands(UNSENT).reloads().stands(UNSENT)
    leo.goes("/past").sees("Past entries").reads(LATER)
    assert place.headlines() == {HEADLINE}
    place.network.cut = False
    leo.driver.run("dispatchEvent(new Event('online'))")
    leo.stands("Everything is sent").reloads().stands("Everything is sent")
    assert leo.stored() == {HEADLINE: 1, LATER: 1}


def test_what_leo_has_begun_survives_a_reload(place: Place, leo: Leo) -> None:
    leo.has_joined().tap("A decision").sees("A decision").types(LATER)
    leo.reloads().goes("/").sees("Today").taps_row(f"Continue: {LATER}").sees("A decision")
    leo.until(_VALUE, LATER)
    assert leo.drafts() == [LATER]


def test_no_screen_breaks_the_policy_or_is_wider_than_the_phone(place: Place, leo: Leo) -> None:
    leo.has_joined().is_ready_for_no_network().reloads().watches().decides().stands("Everything is sent")
    for path, title in SCREENS.items():
        leo.goes(path).sees(title)
        assert leo.driver.run(_WIDER) <= 0, title
    assert leo.noted() == []


def test_the_headings_of_the_settings_keep_their_distance(place: Place, leo: Leo) -> None:
    leo.has_joined().goes("/settings").sees("Settings").reads("Who usually writes?")
    assert leo.driver.run(_ABOVE) >= 24


def test_leo_chooses_a_date_one_question_at_a_time(place: Place, leo: Leo) -> None:
    leo.has_joined().tap("A decision").sees("A decision").types(HEADLINE)
    for question, answer in (DECISION | {WHEN: "On a date I choose"}).items():
        leo.chooses(question, answer)
    leo.tap("Save").sees("On which date should we ask?")
    leo.driver.run(_PICKED, "2027-03-01")
    leo.tap("Continue").sees("Check your answers").tap("Save").sees("Saved").reads("1 March")
    leo.stands("Everything is sent")


@pytest.mark.parametrize("probe", PROBES)
def test_the_page_refuses(place: Place, leo: Leo, probe: str) -> None:
    """What an injected script would try: the page's own policy stops it, and it is noted."""
    leo.open().sees("Join with your code").watches()
    assert leo.driver.wait(f"return await ({PROBES[probe]})()") is None
    leo.until("return window.noted.length > 0", True)
