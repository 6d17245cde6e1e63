"""Leo chooses how he is reminded, and the choice is there after a reload, without a network too."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from api.core import db
from api.prompts.models import PromptSchedule
from schemas.schedule import Schedule
from tests.databases import copy_sqlite, make_settings
from tests.web.joining.conftest import served
from tests.web.joining.place import Place
from tests.web.journey.diary import Leader

Phones = Callable[..., Leader]
SAVED = "Your reminders are saved"
MAILING = {"mail_url": "smtp+plain://127.0.0.1:9", "mail_from": "Diary <diary@example.org>"}


@pytest.fixture
def place(tmp_path: Path, migrated_sqlite: Path) -> Iterator[Place]:
    """A served study whose service has a mail server."""
    copy_sqlite(migrated_sqlite, tmp_path / "data")
    yield from served(make_settings(tmp_path / "data", **MAILING))


def evening(place: Place) -> None:
    """Let the study ask every evening, at an hour that a leader may move."""
    timing = {"type": "interval", "times": ["20:30"]}
    schedule = Schedule.model_validate({"key": "evening", "instrument": "x", "kind": "day", "timing": timing})
    text = schedule.model_dump_json()
    with db.transaction(place.engine) as session:
        session.add(PromptSchedule(study_id=place.world.study_id, key="evening", seed="s", definition=text))


def chosen(leo: Leader) -> dict[str, Any]:
    """Return what the service has of his choices."""
    found: dict[str, Any] = leo.page.evaluate("() => fetch('/v1/me/reminders').then((it) => it.json())")
    return found


def said(leo: Leader, words: str = SAVED) -> None:
    """Wait until a screen reader would have said it."""
    expect(leo.page.locator("#announcer")).to_have_text(words)


def test_leo_chooses_and_finds_it_again(place: Place, leader: Phones) -> None:
    evening(place)
    leo = leader(place).has_joined().tap("Choose").sees("Reminders")
    page = leo.page
    page.get_by_label("Your e-mail address").fill("leo@example.org")
    for day in ("Sat", "Sun"):
        leo.press(page.get_by_label(day, exact=True))
    page.get_by_label("My own hour").fill("17:30")
    page.get_by_label("Quiet from").fill("21:00")
    page.get_by_label("Quiet until").fill("07:00")
    page.get_by_label("First day away").fill("2199-12-24")
    page.get_by_label("Last day away").fill("2199-12-31")
    leo.tap("Save")
    said(leo)
    found = chosen(leo)
    assert found["weekdays"] == ["mon", "tue", "wed", "thu", "fri"]
    assert (found["at"], found["quiet"]) == ("17:30", {"begin": "21:00", "end": "07:00"})
    assert found["absences"] == [{"first": "2199-12-24", "last": "2199-12-31"}]
    assert (found["time_zone"], found["email_known"]) == ("Europe/London", True)
    page.reload()
    leo.sees("Reminders")
    expect(page.get_by_label("Your e-mail address")).to_have_value("leo@example.org")
    expect(page.get_by_label("Sat", exact=True)).not_to_be_checked()
    expect(page.get_by_label("My own hour")).to_have_value("17:30")
    leo.reads("31 December")
    leo.goes("/").sees("Today")
    expect(page.get_by_role("link", name="Choose")).to_have_count(0)


def test_what_is_wrong_is_said_before_it_is_sent(place: Place, leader: Phones) -> None:
    leo = leader(place).has_joined().goes("/reminders").sees("Reminders")
    leo.page.get_by_label("Quiet from").fill("21:00")
    leo.page.get_by_label("Your e-mail address").fill("leo")
    leo.tap("Save").reads("Please check").reads("Please give both times of the quiet hours, or neither.")
    leo.tap("Please check the e-mail address.")
    expect(leo.page.get_by_label("Your e-mail address")).to_be_focused()
    assert chosen(leo)["quiet"] is None


def test_leo_stops_and_starts_again(place: Place, leader: Phones) -> None:
    leo = leader(place).has_joined().goes("/reminders").sees("Reminders")
    leo.tap("Stop all reminders").reads("All reminders are stopped.")
    assert chosen(leo)["stopped"] is True
    leo.tap("Start reminders again").reads("No reminder is planned.")
    assert chosen(leo)["stopped"] is False


def test_a_change_without_a_network_is_kept_and_sent_later(place: Place, leader: Phones) -> None:
    leo = leader(place).has_joined().is_ready_for_no_network().goes("/reminders").sees("Reminders")
    place.network.cut = True
    leo.page.reload()
    leo.sees("Reminders").reads("No connection. This is how it was last known here.")
    leo.press(leo.page.get_by_label("Sun", exact=True))
    leo.tap("Save").reads("Kept on this phone, not sent yet.")
    place.network.cut = False
    leo.page.reload()
    leo.sees("Reminders")
    expect(leo.page.get_by_label("Sun", exact=True)).not_to_be_checked()
    assert chosen(leo)["weekdays"] == ["mon", "tue", "wed", "thu", "fri", "sat"]


def test_another_time_zone_is_asked_about_and_never_taken_silently(place: Place, leader: Phones) -> None:
    leo = leader(place, timezone_id="Australia/Lord_Howe").has_joined()
    leo.goes("/reminders").sees("Reminders")
    expect(leo.page.get_by_label("Australia, Lord Howe (this phone)")).to_be_checked()
    leo.goes("/").sees("Today").reads("This phone is in another time zone").tap(
        "Stay with Europe, London"
    ).sees("Today")
    expect(leo.page.get_by_text("This phone is in another time zone")).to_have_count(0)
    assert chosen(leo)["time_zone"] is None
    leo.goes("/reminders").sees("Reminders")
    leo.press(leo.page.get_by_label("E-mail", exact=True))  # he has given no address
    leo.tap("Save")
    said(leo)
    assert chosen(leo)["time_zone"] == "Australia/Lord_Howe"


def test_reminders_that_were_stopped_for_good_cannot_be_started_here(place: Place, leader: Phones) -> None:
    leo = leader(place).has_joined()
    leo.page.evaluate(
        """() => fetch('/v1/me/withdrawal', {method: 'POST', headers: {'Content-Type': 'application/json'},
             body: '{"scope": "stop_prompts"}'})"""
    )
    leo.module("sync/study", "m.refreshStudy()")
    leo.goes("/reminders").reads("You stopped the reminders for good.")
    expect(leo.page.get_by_role("button", name="Start reminders again")).to_have_count(0)
