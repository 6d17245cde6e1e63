"""Leo makes a calendar address, copies it, makes another and ends it: each works as long as the screen says."""

from collections.abc import Callable

import httpx
from playwright.sync_api import expect

from tests.web.joining.place import Place
from tests.web.journey.diary import Leader

Phones = Callable[..., Leader]


def made(leo: Leader) -> str:
    """Make an address, and read it from the screen."""
    leo.tap("Make a calendar address").reads("It is shown this once")
    address = leo.page.get_by_label("Address for your calendar")
    expect(address).to_be_focused()
    return address.input_value()


def answer(place: Place, address: str) -> int:
    """Ask at an address as a calendar does, with no cookie of his."""
    return httpx.get(place.address + httpx.URL(address).path).status_code


def test_an_address_is_made_copied_replaced_and_ended(place: Place, leader: Phones) -> None:
    leo = leader(place).has_joined()
    leo.context.grant_permissions(["clipboard-read", "clipboard-write"])
    leo.goes("/reminders").sees("Reminders")
    first = made(leo)
    leo.tap("Copy")
    expect(leo.page.locator("#announcer")).to_have_text("The address is copied.")
    assert leo.page.evaluate("navigator.clipboard.readText()") == first
    assert answer(place, first) == 200
    leo.goes("/").sees("Today").goes("/reminders").sees("Reminders")
    expect(leo.page.get_by_label("Address for your calendar")).to_have_count(0)
    second = made(leo)
    assert (answer(place, first), answer(place, second)) == (404, 200)
    leo.tap("End my calendar address").reads("The address works no more.")
    assert answer(place, second) == 404
