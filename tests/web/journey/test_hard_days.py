"""Days on which a phone, a clock or a study fails a leader: each has a sentence, and nothing is lost."""

from collections.abc import Callable
from datetime import timedelta

from playwright.sync_api import expect

from api.core import clock
from tests.personas import DECISION as ANSWERS
from tests.personas import entry_body
from tests.web.joining.place import Place
from tests.web.journey.diary import HEADLINE, Leader

Phones = Callable[..., Leader]
_FILL = """(async () => {
  for (const size of [100_000, 10_000, 1_000, 100, 10]) {
    for (let n = 0; ; n += 1) {
      const noise = Array.from({ length: size }, () => String.fromCharCode(33 + Math.random() * 94)).join("");
      try { await m.keep({ id: `${size} ${n}`, noise }); } catch { break; }
    }
  }
})()"""


def test_a_clock_that_is_a_day_ahead_is_told_and_loses_nothing(place: Place, leader: Phones) -> None:
    leo = leader(place).has_joined()
    leo.page.clock.set_system_time(clock.now() + timedelta(days=1))
    leo.goes("/past").sees("Past entries").goes("/").sees("Today").decides()
    leo.stands("Everything is sent").tap("Go to Today").reads("This phone's clock seems to be wrong.")
    [stored] = leo.stored()
    assert stored["receipt"]["clock_wrong"]
    assert stored["entry"]["made_at"][:10] == (clock.now() + timedelta(days=1)).date().isoformat()


def test_a_browser_that_keeps_nothing_says_so(place: Place, leader: Phones) -> None:
    """In a private window without a store the diary works, from one page to the next, while it is open."""
    leo = leader(place)
    leo.page.add_init_script("Object.defineProperty(window, 'indexedDB', { value: undefined });")
    leo.has_joined().reads("This browser keeps nothing when it is closed.")
    leo.decides().stands("Everything is sent")
    assert leo.headlines() == [HEADLINE]


def test_a_full_phone_says_so_and_keeps_what_is_on_the_screen(place: Place, leader: Phones) -> None:
    leo = leader(place).has_joined()
    leo.tap("A decision").sees("A decision")
    devtools = leo.context.new_cdp_session(leo.page)
    quota = {"origin": place.address}
    used = leo.page.evaluate("() => navigator.storage.estimate().then(({ usage }) => usage)")
    devtools.send("Storage.overrideQuotaForOrigin", quota | {"quotaSize": used + 400_000})
    leo.module("store/drafts", _FILL)
    leo.page.keyboard.type(HEADLINE)
    leo.reads("This phone's storage is full")
    expect(leo.page.get_by_role("textbox").first).to_have_value(HEADLINE)
    devtools.send("Storage.overrideQuotaForOrigin", quota)
    leo.answers_the_rest()
    expect(leo.page.get_by_text("This phone's storage is full")).to_be_hidden()
    leo.tap("Save").sees("Saved").stands("Everything is sent")
    assert leo.headlines() == [HEADLINE]


def test_a_draft_outlives_its_instrument(place: Place, leader: Phones) -> None:
    """The study retires the diary while Leo writes: what he has begun is taken, and nothing new is offered."""
    leo = leader(place).has_joined()
    leo.tap("A decision").sees("A decision")
    leo.page.keyboard.type(HEADLINE)
    path = f"{place.world.path}/instruments/place_leadership_diary/1/retire"
    assert place.world.olivia.post(path).status_code == 200
    leo.answers_the_rest().tap("Save").sees("Saved").stands("Everything is sent")
    assert leo.headlines() == [HEADLINE]
    leo.open().sees("Today")
    expect(leo.page.get_by_role("link", name="A decision")).to_have_count(0)


def test_an_entry_that_is_refused_is_mended_and_sent(place: Place, leader: Phones) -> None:
    leo = leader(place).has_joined()
    answers = ANSWERS | {"headline": HEADLINE}
    del answers["phase"]
    made = {"id": leo.module("core/ids", "m.newId()")}
    leo.module("store/entries", "m.submit(given[0], given[1])", [made, entry_body(answers)])
    leo.stands("1 entry needs your attention").tap_row(HEADLINE)
    leo.reads("This entry could not be stored as it is.").tap("Change").sees("Check your answers").tap("Save")
    leo.page.get_by_role("alert").get_by_role("button").tap()
    leo.chooses("Which phase is the partnership or place in?", "Recovery")
    leo.sees("Check your answers").tap("Save").sees("Saved").stands("Everything is sent")
    assert leo.stored()[0]["entry"]["answers"]["phase"] == "recovery"


def test_a_week_without_the_service_loses_nothing(place: Place, leader: Phones) -> None:
    leo = leader(place).has_joined().is_ready_for_no_network()
    place.network.cut = True
    for day in range(7):
        leo.goes("/").sees("Today").decides(f"Decision of day {day}")
    leo.page.clock.set_system_time(clock.now() + timedelta(days=7))
    leo.open().sees("Today").stands("7 entries saved on this phone, not sent yet")
    place.network.cut = False
    leo.page.evaluate("() => dispatchEvent(new Event('online'))")
    leo.stands("Everything is sent")
    assert leo.headlines() == [f"Decision of day {day}" for day in range(7)]
