"""Leo writes; what he saved reaches the real server once, and each entry says truthfully where it stands."""

from collections import deque
from collections.abc import Callable

from playwright.sync_api import Browser

from tests.web.browsing import PHONE, until
from tests.web.sync.house import House
from tests.web.sync.phone import Phone, said

Tab = Callable[[Phone], Phone]


def test_an_entry_is_sent_and_says_when(leo: Phone, house: House) -> None:
    entry = leo.write("Pool the budget")
    leo.quiet()
    assert house.stored(leo.participant) == {entry: "Pool the budget"}
    assert leo.words(entry).startswith("Sent ")
    assert leo.record(entry)["editable_until"] > leo.record(entry)["sent_at"]


def test_offline_it_says_so_and_sends_later(leo: Phone, house: House) -> None:
    leo.page.context.set_offline(True)
    entry = leo.write("On the train")
    leo.until("offline")
    assert leo.words(entry) == "Saved on this phone, not sent yet"
    assert house.stored(leo.participant) == {}
    leo.page.context.set_offline(False)
    leo.quiet()
    assert house.stored(leo.participant) == {entry: "On the train"}


def test_an_answer_that_was_lost_after_the_commit_doubles_nothing(leo: Phone, house: House) -> None:
    house.gateway.once["leo"] = deque(["lost", "cut"])
    entry = leo.write("Once")
    leo.quiet()
    assert len(house.revisions(leo.participant)[entry]) == 1


def test_an_edit_made_while_the_first_answer_was_lost_is_an_edit(leo: Phone, house: House) -> None:
    """The server has the first text, the phone does not know it, and its leader has written on."""
    house.gateway.faults["leo"] = "lost"
    entry = leo.write("First")
    leo.until("down")
    leo.edit(entry, "Second")
    house.gateway.heal()
    leo.quiet()
    versions = house.revisions(leo.participant)[entry]
    assert [one["answers"]["headline"] for one in versions] == ["First", "Second"]
    assert versions[1]["base_version"] == 1
    assert leo.record(entry)["receipt"]["version"] == 2


def test_an_edit_made_while_the_first_is_on_its_way_follows_it(leo: Phone, house: House) -> None:
    house.gateway.faults["leo"] = "stall"
    entry = leo.write("First")
    until(
        leo.page,
        "async (id) => (await (await import('/client/store/entries.js')).get(id)).state === 'sending'",
        entry,
    )
    assert leo.words(entry) == "Sending"
    leo.edit(entry, "Second")
    house.gateway.heal()
    leo.quiet()
    assert house.stored(leo.participant) == {entry: "Second"}
    leo.edit(entry, "Third")
    leo.quiet()
    assert house.stored(leo.participant) == {entry: "Third"}


def test_withdrawing_what_never_left_leaves_nothing(house: House, browser: Browser) -> None:
    """The engine was not started yet: nothing was tried."""
    page = browser.new_context(**PHONE).new_page()
    leo = Phone(page, house.gateway, "leo").join(house.codes.pop())
    entry = leo.write("A slip")
    leo.remove(entry)
    assert leo.record(entry) is None
    leo.start().quiet()
    assert house.stored(leo.participant) == {}
    assert not any(entry.encode() in body for _, body in house.gateway.bodies)
    page.context.close()


def test_withdrawing_is_final(leo: Phone, house: House) -> None:
    entry = leo.write("Too candid")
    leo.quiet().remove(entry)
    assert leo.words(entry) in {"Withdrawn on this phone, not sent yet", "Sending", "Withdrawn"}
    leo.quiet()
    assert house.stored(leo.participant) == {}
    assert leo.texts() == {}
    assert leo.record(entry)["entry"] is None
    assert leo.words(entry) == "Withdrawn"


def test_withdrawing_what_may_have_arrived_deletes_it_there(leo: Phone, house: House) -> None:
    house.gateway.faults["leo"] = "lost"
    entry = leo.write("Perhaps there")
    leo.until("down").remove(entry)
    house.gateway.heal()
    leo.quiet()
    assert house.stored(leo.participant) == {}
    assert leo.texts() == {}


def test_two_tabs_show_and_send_the_same(leo: Phone, house: House, tab: Tab) -> None:
    other = tab(leo)
    first, second = leo.write("From one"), other.write("From the other")
    leo.quiet()
    other.quiet()
    other.edit(first, "From one, edited in the other")
    other.quiet()
    leo.edit(first, "And again in the first")
    leo.quiet()
    wanted = {first: "And again in the first", second: "From the other"}
    assert house.stored(leo.participant) == leo.texts() == other.texts() == wanted


def test_fifty_and_more_go_in_a_few_requests(leo: Phone, house: House) -> None:
    leo.page.context.set_offline(True)
    entries = leo.page.evaluate(
        """async (entry) => {
          const { newId } = await import("/client/core/ids.js");
          const { submit } = await import("/client/store/entries.js");
          const ids = Array.from({ length: 60 }, newId);
          await Promise.all(ids.map((id) => submit({ id }, entry)));
          return ids;
        }""",
        said("One of many"),
    )
    leo.until("offline")
    leo.page.context.set_offline(False)
    before = house.gateway.asked["leo", "/v1/sync"]
    leo.quiet()
    assert set(house.stored(leo.participant)) == set(entries)
    assert house.gateway.asked["leo", "/v1/sync"] - before <= 6


def test_large_entries_are_split_by_their_bytes(leo: Phone, house: House) -> None:
    """Each is above 8 kB in bytes though not in characters: fifty of them do not fit into one request."""
    leo.page.context.set_offline(True)
    answers = dict.fromkeys(("learning", "role_change_note"), "🚆" * 500)
    for number in range(50):
        leo.write(f"{number}", answers=answers | {"role_change": "broader"})
    leo.page.context.set_offline(False)
    leo.quiet()
    assert len(house.stored(leo.participant)) == 50
    assert max(len(body) for _, body in house.gateway.bodies) <= 262_144


def test_a_new_phone_learns_everything(leo: Phone, house: House) -> None:
    """The store was cleared, and the session is still there: the cursor begins anew."""
    entry = leo.write("Still there")
    leo.quiet().do("store/db", "erase")
    leo.page.reload()
    assert leo.texts() == {}
    leo.do("store/account", "save", {"me": {"participant_id": leo.participant, "edit_window_hours": 168}})
    leo.start().quiet()
    assert leo.texts() == {entry: "Still there"}
