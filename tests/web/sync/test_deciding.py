"""What cannot simply be sent is kept and shown, never blocks the rest, and waits for its leader's decision."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from uuid import UUID

import pytest
from playwright.sync_api import Browser

from api.audit.service import OPERATOR
from api.core import clock, db
from api.core.config import Settings
from api.diary.models import Entry
from api.studies import service as studies
from api.studies.models import Study
from schemas.study import StudyStatus
from tests.journeys.server import Forker
from tests.web.browsing import PHONE
from tests.web.sync.house import House, open_house
from tests.web.sync.phone import Phone

Tab = Callable[[Phone], Phone]
WRONG = {"confidence": 300}


@pytest.fixture
def tablet(leo: Phone, browser: Browser) -> Iterator[Phone]:
    """Leo's second device: the same session, another store."""
    context = browser.new_context(**PHONE)
    context.add_cookies(leo.page.context.cookies())  # type: ignore[arg-type] # as they came
    made = Phone(context.new_page(), leo.gateway, leo.name)
    made.participant = leo.participant
    made.do("store/account", "save", {"me": leo.do("store/account", "read")["me"]})
    yield made.start()
    context.close()


def age(house: House, entry: str, days: int) -> None:
    """Let an entry be older than it is."""
    engine = db.make_engine(house.settings)
    with db.transaction(engine) as session:
        session.get_one(Entry, UUID(entry)).created_at = clock.now() - timedelta(days=days)
    engine.dispose()


@pytest.fixture
def conflict(leo: Phone, tablet: Phone) -> str:
    """An entry that Leo changed on both devices, the tablet first."""
    entry = leo.write("Written on the phone")
    leo.quiet()
    tablet.now().quiet().edit(entry, "Changed on the tablet")
    tablet.quiet()
    leo.edit(entry, "Changed on the phone")
    leo.quiet()
    return entry


def test_a_conflict_shows_both(leo: Phone, conflict: str) -> None:
    record = leo.record(conflict)
    assert record["entry"]["answers"]["headline"] == "Changed on the phone"
    assert record["stored"]["entry"]["answers"]["headline"] == "Changed on the tablet"
    assert leo.words(conflict) == "Changed on another device"
    assert (leo.state()["unsent"], leo.state()["attention"]) == (1, 1)


def test_keeping_mine_makes_it_the_next_version(
    leo: Phone, tablet: Phone, conflict: str, house: House
) -> None:
    leo.do("store/entries", "keepMine", conflict)
    leo.quiet()
    texts = [one["answers"]["headline"] for one in house.revisions(leo.participant)[conflict]]
    assert texts == ["Written on the phone", "Changed on the tablet", "Changed on the phone"]
    assert tablet.now().quiet().texts() == leo.texts()


def test_keeping_theirs_gives_ours_up(leo: Phone, conflict: str, house: House) -> None:
    leo.do("store/entries", "keepStored", conflict)
    leo.quiet()
    assert house.stored(leo.participant) == leo.texts() == {conflict: "Changed on the tablet"}
    assert leo.words(conflict).startswith("Sent ")


def test_writing_on_in_a_conflict_settles_nothing_silently(leo: Phone, conflict: str, house: House) -> None:
    leo.edit(conflict, "Written on, without a look at the tablet's")
    leo.quiet()
    assert leo.record(conflict)["state"] == "conflict" or "Changed on the tablet" in {
        one["answers"]["headline"] for one in house.revisions(leo.participant)[conflict]
    }


def test_what_was_deleted_elsewhere_can_be_sent_as_new(leo: Phone, tablet: Phone, house: House) -> None:
    entry = leo.write("Deleted on the tablet")
    leo.quiet()
    tablet.now().quiet().remove(entry)
    tablet.quiet()
    leo.edit(entry, "Yet edited on the phone")
    leo.quiet()
    assert leo.words(entry) == "Deleted on another device"
    assert house.stored(leo.participant) == {}
    fresh = leo.do("store/entries", "sendAsNew", entry)
    leo.quiet()
    assert house.stored(leo.participant) == leo.texts() == {fresh: "Yet edited on the phone"}


def test_what_was_deleted_elsewhere_can_be_dropped(leo: Phone, tablet: Phone) -> None:
    entry = leo.write("Deleted on the tablet")
    leo.quiet()
    tablet.now().quiet().remove(entry)
    tablet.quiet()
    leo.edit(entry, "Yet edited on the phone")
    leo.quiet().do("store/entries", "discard", entry)
    assert leo.texts() == {}
    assert leo.do("store/outbox", "count")["unsent"] == 0


def test_a_deletion_elsewhere_reaches_this_phone(leo: Phone, tablet: Phone) -> None:
    entry = leo.write("Deleted on the tablet")
    leo.quiet()
    tablet.now().quiet().remove(entry)
    tablet.quiet()
    assert leo.now().quiet().texts() == {}
    assert leo.record(entry)["entry"] is None


def test_a_refused_entry_keeps_its_words_and_blocks_no_other(leo: Phone, house: House) -> None:
    poison, sound = leo.write("Too sure", answers=WRONG), leo.write("Sound")
    leo.quiet()
    assert house.stored(leo.participant) == {sound: "Sound"}
    assert leo.words(poison) == "Needs your attention"
    problem = leo.record(poison)["problem"]
    assert (problem["slug"], problem["errors"][0]["pointer"]) == ("invalid", "/answers/confidence")
    leo.edit(poison, "Less sure")
    leo.quiet()
    assert house.stored(leo.participant) == {sound: "Sound", poison: "Less sure"}


def test_a_refused_entry_can_be_deleted(leo: Phone, house: House) -> None:
    poison = leo.write("Too sure", answers=WRONG)
    leo.quiet().remove(poison)
    leo.quiet()
    assert leo.texts() == {}
    assert leo.do("store/outbox", "count") == {"unsent": 0, "attention": 0, "closed": None}


def test_an_entry_that_spoils_the_whole_request_is_found_out(leo: Phone, house: House) -> None:
    """Its text cannot be read at all, so the server refuses the request that holds it, with all the others."""
    leo.page.context.set_offline(True)
    others = {leo.write(f"Sound {number}"): f"Sound {number}" for number in range(7)}
    poison = leo.write("Spoilt")
    spoil = """async id => {
      const { run } = await import("/client/store/db.js");
      await run(["outbox"], "readwrite", async (at) => {
        const op = await at.outbox.get(id);
        op.entry.answers.headline = "x".repeat(300000);
        await at.outbox.put(op);
      });
    }"""
    leo.page.evaluate(spoil, poison)
    leo.page.context.set_offline(False)
    leo.quiet()
    assert house.stored(leo.participant) == others
    assert leo.record(poison)["state"] == "rejected"
    leo.do("store/entries", "discard", poison)
    assert leo.texts() == others


def test_an_entry_that_is_too_old_is_locked(leo: Phone, house: House) -> None:
    entry = leo.write("Last month")
    leo.quiet()
    age(house, entry, 30)
    leo.edit(entry, "Rewritten history")
    leo.quiet()
    assert leo.words(entry) == "Can no longer be changed"
    assert leo.record(entry)["entry"]["answers"]["headline"] == "Rewritten history"
    leo.do("store/entries", "discard", entry)
    assert house.stored(leo.participant) == leo.texts() == {entry: "Last month"}


def test_withdrawing_what_is_too_old_says_so_and_shows_it_again(leo: Phone, house: House) -> None:
    entry = leo.write("Last month")
    leo.quiet()
    age(house, entry, 30)
    leo.remove(entry)
    leo.quiet()
    assert leo.words(entry) == "Can no longer be changed"
    leo.do("store/entries", "discard", entry)
    assert leo.texts() == {entry: "Last month"}
    assert leo.words(entry).startswith("Sent ")


def test_a_leader_who_has_withdrawn_is_told_and_keeps_what_was_not_sent(leo: Phone, house: House) -> None:
    leo.do("core/api", "call", "POST", "/v1/me/withdrawal", {"scope": "out_of_releases"})
    entry = leo.write("After all")
    leo.until("blocked")
    assert leo.state()["reason"] == "participant-withdrawn"
    assert leo.record(entry)["state"] == "closed"
    assert leo.texts() == {entry: "After all"}
    assert leo.words(entry).startswith("Kept on this phone")
    assert house.stored(leo.participant) == {}


def test_a_day_with_too_many_entries_keeps_the_rest(
    settings: Settings, forker: Forker, browser: Browser
) -> None:
    with open_house(settings, forker, 1, entries_per_day=2) as house:
        context = browser.new_context(**PHONE)
        leo = Phone(context.new_page(), house.gateway, "leo").join(house.codes.pop())
        entries = [leo.write(f"{number}") for number in range(3)]
        leo.start().until("idle")
        assert len(house.stored(leo.participant)) == 2
        late = leo.record(entries[2])
        assert (late["state"], late["problem"]["slug"]) == ("queued", "too-many-entries")
        assert leo.words(entries[2]) == "Saved on this phone, not sent yet"
        assert leo.do("store/outbox", "nextIn") > 1_000
        context.close()


def test_after_the_end_of_a_study_what_was_made_before_is_taken(
    settings: Settings, forker: Forker, browser: Browser
) -> None:
    with open_house(settings, forker, 1) as house:
        context = browser.new_context(**PHONE)
        leo = Phone(context.new_page(), house.gateway, "leo").join(house.codes.pop())
        in_time = leo.write("In time", made_at=(clock.now() - timedelta(minutes=5)).isoformat())
        late = leo.write("Late", made_at=(clock.now() + timedelta(minutes=5)).isoformat())
        engine = db.make_engine(house.settings)
        with db.transaction(engine) as session:
            study = session.get_one(Study, UUID(house.study))
            studies.change_status(session, OPERATOR, study, StudyStatus.CLOSED)
        engine.dispose()
        leo.start().until("blocked")
        assert house.stored(leo.participant) == {in_time: "In time"}
        assert leo.record(late)["state"] == "closed"
        assert leo.state()["reason"] == "study-closed"
        context.close()
