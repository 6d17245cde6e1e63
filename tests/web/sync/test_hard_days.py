"""Hard days: storage full, the store closed by the system, private mode, a wrong clock, a session that ended."""

from collections.abc import Callable, Iterator
from uuid import UUID

import pytest
from playwright.sync_api import Browser, Error
from sqlmodel import col, delete

from api.audit.service import OPERATOR
from api.auth import sessions
from api.core import db
from api.diary.models import Entry, EntryRevision
from tests.web.browsing import PHONE
from tests.web.sync.house import House
from tests.web.sync.phone import Phone

Tab = Callable[[Phone], Phone]
FILL = """async () => {
  const { keep } = await import("/client/store/drafts.js");
  for (let size = 100000; size > 100; size = Math.floor(size / 2)) { // into the last corner
    for (let n = 0; n < 200; n += 1) {
      const noise = Array.from({ length: size }, () => String.fromCharCode(33 + Math.random() * 94)).join("");
      try { await keep({ id: `${size} ${n}`, noise }); } catch (error) {
        if (error.slug !== "storage-full") throw error;
        break;
      }
    }
  }
  return "storage-full";
}"""
EXPIRED = "not.a.token"


@pytest.fixture
def stopped(house: House, browser: Browser) -> Iterator[Phone]:
    """Lena has joined; her engine does not run yet."""
    context = browser.new_context(**PHONE)
    yield Phone(context.new_page(), house.gateway, "lena").join(house.codes.pop())
    house.gateway.heal()
    context.close()


def expire(phone: Phone) -> None:
    """Let the access token of a phone be worth nothing any more; its refresh token is sound."""
    context = phone.page.context
    for cookie in context.cookies():
        if cookie["name"] == "__Host-daybook-access":
            context.add_cookies([cookie | {"value": EXPIRED}])  # type: ignore[list-item] # as it came


def revoke(house: House, participant: str) -> None:
    """Sign every device of a participant out, as a coordinator does for a lost phone."""
    engine = db.make_engine(house.settings)
    with db.transaction(engine) as session:
        for device in sessions.devices(session, UUID(participant)):
            sessions.revoke(session, OPERATOR, UUID(participant), device.id)
    engine.dispose()


def asked(house: House, phone: Phone, path: str) -> int:
    return house.gateway.asked[phone.name, path]


def test_a_full_phone_says_so_and_sends_what_it_has(house: House, browser: Browser) -> None:
    """Nothing can be written any more, not even what was sent: the entry reaches the server all the same, once."""
    context = browser.new_context(**PHONE)
    leo = Phone(context.new_page(), house.gateway, "leo")
    origin, devtools = house.gateway.address("leo"), context.new_cdp_session(leo.page)
    devtools.send("Storage.overrideQuotaForOrigin", {"origin": origin, "quotaSize": 1_000_000})
    leo.join(house.codes.pop()).start()
    context.set_offline(True)
    entry = leo.write("There was room")
    leo.until("offline")
    assert leo.page.evaluate(FILL) == "storage-full"
    context.set_offline(False)
    leo.until("blocked")
    assert leo.state()["reason"] == "storage-full"
    assert leo.words(entry) == "Saved on this phone, not sent yet"
    assert house.stored(leo.participant) == leo.texts() == {entry: "There was room"}
    devtools.send("Storage.overrideQuotaForOrigin", {"origin": origin})
    leo.quiet()
    assert leo.words(entry).startswith("Sent ")
    assert len(house.revisions(leo.participant)[entry]) == 1
    context.close()


def test_a_store_that_the_system_closed_is_opened_again(leo: Phone, house: House) -> None:
    """The connection is closed under the page, as iOS does in the background."""
    close = """async () => {
      const real = IDBDatabase.prototype.transaction;
      let once = true;
      IDBDatabase.prototype.transaction = function (...given) {
        if (once) { once = false; this.close(); }
        return real.apply(this, given);
      };
    }"""
    leo.page.evaluate(close)
    entry = leo.write("After a pause")
    leo.quiet()
    assert house.stored(leo.participant) == leo.texts() == {entry: "After a pause"}


def test_a_store_that_closes_in_the_middle_of_writing_is_opened_again(stopped: Phone, house: House) -> None:
    """Chromium itself closes the connection and aborts what was under way."""
    abort = """async () => {
      const real = IDBObjectStore.prototype.put;
      let once = true;
      IDBObjectStore.prototype.put = function (...given) {
        const request = real.apply(this, given);
        if (once) { once = false; this.transaction.db.close(); this.transaction.abort(); }
        return request;
      };
    }"""
    stopped.page.evaluate(abort)
    entry = stopped.write("In the middle")
    stopped.start().quiet()
    assert house.stored(stopped.participant) == {entry: "In the middle"}


def test_without_a_store_everything_works_and_says_that_it_is_not_kept(
    house: House, browser: Browser
) -> None:
    context = browser.new_context(**PHONE)
    context.add_init_script("Object.defineProperty(globalThis, 'indexedDB', {value: undefined})")
    leo = Phone(context.new_page(), house.gateway, "leo").join(house.codes.pop()).start()
    assert leo.state()["kept"] is False
    assert leo.do("store/db", "isKept") is False
    entry = leo.write("In private")
    leo.quiet()
    leo.edit(entry, "In private, edited")
    leo.quiet()
    assert house.stored(leo.participant) == leo.texts() == {entry: "In private, edited"}
    context.close()


def test_a_store_that_refuses_to_open_is_done_without(house: House, browser: Browser) -> None:
    context = browser.new_context(**PHONE)
    refuse = "IDBFactory.prototype.open = () => { throw new DOMException('no', 'SecurityError'); }"
    context.add_init_script(refuse)
    leo = Phone(context.new_page(), house.gateway, "leo").join(house.codes.pop()).start()
    entry = leo.write("In private")
    leo.quiet()
    assert leo.state()["kept"] is False
    assert house.stored(leo.participant) == {entry: "In private"}
    context.close()


@pytest.mark.parametrize("hours", [-24, 24])
def test_a_clock_that_is_a_day_wrong_loses_nothing_and_is_noticed(
    hours: int, house: House, browser: Browser
) -> None:
    context = browser.new_context(**PHONE)
    wrong = f"""const real = Date; const by = {hours} * 3600000;
      globalThis.Date = class extends real {{
        constructor(...given) {{ given.length ? super(...given) : super(real.now() + by); }}
        static now() {{ return real.now() + by; }}
      }};"""
    context.add_init_script(wrong)
    leo = Phone(context.new_page(), house.gateway, "leo").join(house.codes.pop()).start()
    entry = leo.write("At some hour")
    leo.quiet()
    leo.edit(entry, "At some hour, edited")
    leo.quiet()
    assert house.stored(leo.participant) == {entry: "At some hour, edited"}
    assert abs(leo.state()["skew_ms"] - hours * 3_600_000) < 60_000
    assert leo.record(entry)["receipt"]["clock_wrong"] is True
    context.close()


def test_an_expired_session_is_refreshed_with_a_full_outbox(stopped: Phone, house: House) -> None:
    entries = {stopped.write(f"{number}"): f"{number}" for number in range(55)}
    expire(stopped)
    stopped.start().quiet()
    assert house.stored(stopped.participant) == entries
    assert asked(house, stopped, "/v1/session/refresh") >= 1


def test_two_tabs_refresh_once(leo: Phone, house: House, tab: Tab) -> None:
    leo.quiet()
    other = tab(leo)
    other.quiet()
    before = asked(house, leo, "/v1/session/refresh")
    expire(leo)
    both = """async () => {
      const { call } = await import("/client/core/api.js");
      const paths = ["/v1/me", "/v1/me/devices", "/v1/entries"];
      globalThis.answers = Promise.all(paths.map((path) => call("GET", path)));
    }"""
    leo.page.evaluate(both)
    other.page.evaluate(both)
    for phone in (leo, other):
        answers = phone.page.evaluate("async () => (await globalThis.answers).map((one) => one.status)")
        assert answers == [200, 200, 200]
    assert asked(house, leo, "/v1/session/refresh") - before == 1


def test_a_session_that_ended_keeps_what_was_not_sent_and_forgets_the_rest(leo: Phone, house: House) -> None:
    """The phone was signed out from elsewhere: what the server has is wiped, what it has not is kept for signing in."""
    leo.write("The server has this")
    leo.quiet()
    leo.page.context.set_offline(True)
    unsent = leo.write("Not this")
    leo.until("offline")
    revoke(house, leo.participant)
    leo.page.context.set_offline(False)
    leo.now().until("signed_out")
    assert leo.texts() == {unsent: "Not this"}
    assert leo.do("store/account", "read")["state"] == "revoked"
    assert leo.words(unsent) == "Saved on this phone, not sent yet"
    assert len(house.stored(leo.participant)) == 1
    sign_in_again(house, leo)
    leo.now().quiet()
    assert house.stored(leo.participant) == leo.texts()
    assert len(leo.texts()) == 2


def sign_in_again(house: House, phone: Phone) -> None:
    """Give the phone a new session, as the one-time code will."""
    engine = db.make_engine(house.settings)
    with db.transaction(engine) as session:
        tokens = sessions.start(session, house.settings, UUID(phone.participant), UUID(house.study), "Phone")
    engine.dispose()
    fresh = {"access": tokens.access_token, "refresh": tokens.refresh_token}
    context = phone.page.context
    for cookie in context.cookies():
        value = fresh[cookie["name"].rsplit("-", 1)[-1]]
        context.add_cookies([cookie | {"value": value}])  # type: ignore[list-item] # as it came


def test_another_leader_on_the_same_phone_never_sends_the_first_ones_entries(
    leo: Phone, house: House
) -> None:
    leo.page.context.set_offline(True)
    mine = leo.write("Leo's own")
    leo.until("offline")
    leo.page.context.set_offline(False)
    house.gateway.faults["leo"] = "away"
    first = leo.participant
    house.gateway.faults.clear()
    leo.do("store/account", "clear")
    lena = leo.join(house.codes.pop())
    theirs = lena.write("Lena's")
    lena.quiet()
    stored = house.stored(lena.participant)
    assert stored == {theirs: "Lena's"}
    assert mine not in stored
    assert lena.texts() == {theirs: "Lena's"}
    assert first != lena.participant


def test_a_server_that_was_away_for_long_is_asked_ever_more_rarely(leo: Phone, house: House) -> None:
    leo.quiet()
    spoken = leo.page.evaluate(
        """async () => {
          const { delay } = await import("/client/sync/pace.js");
          const pace = { least: 2000, most: 300000 };
          return [0, 3, 6, 30].map((n) => Array.from({ length: 50 }, () => delay(n, null, pace)))
            .map((all) => [Math.min(...all), Math.max(...all)]).concat([[delay(0, 60, pace), 0]]);
        }"""
    )
    assert [low >= 2_000 for low, _ in spoken[:4]] == [True] * 4
    assert spoken[0][1] <= 2_000
    assert 8_000 <= spoken[1][0] < spoken[1][1] <= 16_000
    assert 150_000 <= spoken[3][0] < spoken[3][1] <= 300_000
    assert spoken[4][0] == 60_000


def test_a_server_that_says_when_is_left_alone_until_then(leo: Phone, house: House) -> None:
    leo.quiet()
    house.gateway.busy["leo"] = 2
    leo.write("Patience")
    leo.until("down")
    before = asked(house, leo, "/v1/sync")
    for _ in range(5):
        leo.now()
    assert asked(house, leo, "/v1/sync") == before
    leo.quiet()


def test_a_hotels_sign_in_page_is_no_answer(leo: Phone, house: House) -> None:
    leo.quiet()
    house.gateway.faults["leo"] = "portal"
    entry = leo.write("In the lobby")
    leo.until("down")
    assert leo.words(entry) == "Saved on this phone, not sent yet"
    house.gateway.heal()
    leo.quiet()
    assert house.stored(leo.participant) == {entry: "In the lobby"}


def test_a_time_out_is_unreachable(leo: Phone, house: House) -> None:
    leo.quiet()
    house.gateway.faults["leo"] = "stall"
    with pytest.raises(Error, match="timeout"):
        leo.do("core/api", "call", "GET", "/v1/me", None, {"seconds": 0.2})


def test_a_restored_server_gets_back_what_it_lost(leo: Phone, house: House) -> None:
    """Its backup was older than the entry: the phone finds that out, and sends it again under the same id."""
    kept, lost = leo.write("In the backup"), leo.write("After the backup")
    leo.quiet()
    forget(house, lost)
    leo.do("store/account", "save", {"reconciled_at": 0})
    leo.now().quiet()
    assert house.stored(leo.participant) == {kept: "In the backup", lost: "After the backup"}
    assert len(house.revisions(leo.participant)[lost]) == 1


def test_a_restored_server_gets_back_a_lost_edit(leo: Phone, house: House) -> None:
    entry = leo.write("In the backup")
    leo.quiet().edit(entry, "Edited after the backup")
    leo.quiet()
    forget(house, entry, version=2)
    leo.do("store/account", "save", {"reconciled_at": 0})
    leo.now().quiet()
    assert [one["answers"]["headline"] for one in house.revisions(leo.participant)[entry]] == [
        "In the backup",
        "Edited after the backup",
    ]


def forget(house: House, entry: str, version: int = 1) -> None:
    """Take an entry's versions from the database, from this one on, as a restored backup would be without them."""
    engine = db.make_engine(house.settings)
    with db.transaction(engine) as session:
        revision = col(EntryRevision.entry_id) == UUID(entry)
        session.exec(delete(EntryRevision).where(revision, col(EntryRevision.version) >= version))
        if version == 1:
            session.exec(delete(Entry).where(col(Entry.id) == UUID(entry)))
        else:
            session.get_one(Entry, UUID(entry)).version = version - 1
    engine.dispose()
