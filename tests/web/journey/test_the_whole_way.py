"""From the invitation to the withdrawal: offline, killed, on two phones, and never lost."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, expect, sync_playwright

from tests.web.joining.place import Place
from tests.web.journey.diary import HEADLINE, Leader
from tests.web.killable import Killable

Phones = Callable[..., Leader]
LATER = "Whether to close the ring road on market days"


@pytest.fixture
def killable(tmp_path: Path) -> Iterator[Killable]:
    """A browser of its own, which can be killed and started again."""
    with sync_playwright() as playwright:
        made = Killable(playwright, tmp_path / "profile")
        (tmp_path / "profile").mkdir()
        yield made
        made.kill()


def started(killable: Killable) -> BrowserContext:
    """Start a phone's browser; its size is a phone's too."""
    context = killable.start()
    context.set_default_timeout(30_000)
    return context


def test_leo_offline_and_killed_loses_nothing(place: Place, killable: Killable) -> None:
    """He writes in a tunnel, his phone's browser is killed, and on the way out everything is sent."""
    leo = Leader(started(killable), place)
    leo.narrow().has_joined().is_ready_for_no_network()
    place.network.cut = True
    leo.page.reload()
    leo.sees("Today").decides()
    leo.reads("Saved on this phone, not sent yet").stands("1 entry saved on this phone, not sent yet")
    leo.tap("Go to Today").tap("A decision").sees("A decision")
    leo.page.keyboard.type(LATER)
    leo.page.wait_for_timeout(500)
    signed_in: Any = leo.context.cookies()
    killable.kill()

    leo = Leader(started(killable), place)
    leo.context.add_cookies(signed_in)  # a browser writes them down within half a minute: this one had less
    leo.narrow().open().sees("Today").stands("1 entry saved on this phone, not sent yet")
    leo.goes("/past").sees("Past entries").reads(HEADLINE)
    leo.goes("/").tap_row(f"Continue: {LATER}").sees("A decision")
    expect(leo.page.get_by_role("textbox").first).to_have_value(LATER)
    leo.answers_the_rest().tap("Save").sees("Saved")
    leo.stands("2 entries saved on this phone, not sent yet")
    place.network.cut = False
    leo.page.evaluate("() => dispatchEvent(new Event('online'))")
    leo.stands("Everything is sent")
    assert leo.headlines() == sorted([HEADLINE, LATER])


def test_an_entry_that_changed_on_two_phones_waits_for_leo(either_place: Place, leader: Phones) -> None:
    phone = leader(either_place).has_joined().decides()
    phone.stands("Everything is sent")
    tablet = leader(either_place).signs_in_beside(phone).is_ready_for_no_network()
    tablet.goes("/past").reads(HEADLINE).offline()
    tablet.changes(HEADLINE, "Which phase is the partnership or place in?", "Crisis")
    tablet.reads("Saved on this phone, not sent yet")
    phone.goes("/").changes(HEADLINE, "Which phase is the partnership or place in?", "Thriving")
    phone.stands("Everything is sent")
    tablet.offline(is_so=False)
    tablet.page.evaluate("() => dispatchEvent(new Event('online'))")
    tablet.stands("1 entry needs your attention").goes("/").tap_row(HEADLINE)
    tablet.sees("Two versions of this entry").reads("Crisis").reads("Thriving")
    tablet.tap("Keep mine").stands("Everything is sent")
    [stored] = tablet.stored()
    assert (stored["receipt"]["version"], stored["entry"]["answers"]["phase"]) == (3, "crisis")


def test_leo_changes_and_deletes_what_he_wrote(place: Place, leader: Phones) -> None:
    leo = leader(place).has_joined().decides().stands("Everything is sent")
    leo.changes(HEADLINE, "How sure are you that it will turn out as you expect?", "20 %")
    leo.stands("Everything is sent")
    assert leo.stored()[0]["entry"]["answers"]["confidence"] == 20
    leo.goes("/past").tap_row(HEADLINE).sees(HEADLINE).tap("Delete this entry")
    leo.sees("Past entries").stands("Everything is sent")
    assert leo.asked == ["Delete this entry for good? It cannot be brought back."]
    assert leo.stored() == []
    expect(leo.page.get_by_text(HEADLINE)).to_have_count(0)


def test_a_follow_up_shows_what_leo_expected(place: Place, leader: Phones) -> None:
    """Thirty days on he is asked how it turned out, and reads his own words."""
    leo = leader(place).has_joined()
    leo.backdated(40).stands("Everything is sent")
    leo.goes("/").sees("Today").tap_row(HEADLINE)
    leo.reads("What you wrote then").reads("70 %")
    leo.goes_through(
        {
            "How did it turn out?": "As I expected",
            "How surprised are you?": "2",
            "Would you decide the same again?": "Yes",
            "How good was the way the decision was made?": "4",
        }
    )
    leo.sees("Saved").stands("Everything is sent")
    follow_up = next(one["entry"] for one in leo.stored() if one["entry"]["kind"] == "followup")
    decision = next(one["receipt"]["id"] for one in leo.stored() if one["entry"]["kind"] == "decision")
    assert follow_up["follows"] == decision
    leo.goes("/").sees("Today")
    expect(leo.page.get_by_text("How did these turn out?")).to_have_count(0)


def test_leo_withdraws_and_the_phone_forgets(place: Place, leader: Phones) -> None:
    leo = leader(place).has_joined().decides().stands("Everything is sent")
    leo.goes("/leave").sees("Leave the study").tap("Erase everything")
    expect(leo.page.locator("#receipt")).to_contain_text("erased")
    assert place.headlines() == set()


def test_only_our_own_origin_is_ever_asked(place: Place, leader: Phones) -> None:
    leo = leader(place).has_joined().decides().stands("Everything is sent")
    for path in ("/past", "/insights", "/settings", "/devices", "/data", "/install", "/help", "/leave"):
        leo.goes(path)
        leo.page.wait_for_load_state("networkidle")
    assert leo.origins == {place.address.removeprefix("http://")}


_ADDED = "document.body.append(one)"
_PICTURE = (
    "one.onload = () => done(1); one.onerror = () => done(undefined); one.src = 'http://127.0.0.2:1/x.png';"
)
PROBES = {
    "an inline script": "() => { const one = document.createElement('script');"
    f" try {{ one.textContent = 'window.hit = 1'; {_ADDED}; }} catch {{}} return window.hit; }}",
    "markup": "() => { try { document.body.innerHTML = '<b>x</b>'; return 1; } catch { return undefined; } }",
    "eval": "() => new Promise((done) => setTimeout(() => { try { done(eval('1')); } catch { done(undefined); } }))",
    "another origin": "() => fetch('http://127.0.0.2:1/').then(() => 1, () => undefined)",
    "an inline style": "() => { const one = document.createElement('p'); one.setAttribute('style', 'width: 7px');"
    f" {_ADDED}; return one.style.width || undefined; }}",
    "another site's picture": f"() => new Promise((done) => {{ const one = new Image(); {_PICTURE} }})",
}
_LISTEN = """() => {
  window.refused = [];
  addEventListener("securitypolicyviolation", (event) => window.refused.push(event.effectiveDirective));
}"""


@pytest.mark.parametrize("probe", PROBES)
def test_the_page_refuses(place: Place, leader: Phones, probe: str) -> None:
    """What an injected script would try: the page's own policy stops it."""
    leo = leader(place).open().sees("Join with your code")
    leo.page.evaluate(_LISTEN)
    assert leo.page.evaluate(PROBES[probe]) is None
    leo.page.wait_for_function("() => window.refused.length > 0")
