"""What Leo reads about notifications on this device is how they stand, and the switch does what it says."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.databases import copy_sqlite, make_settings
from tests.web.joining.conftest import served
from tests.web.joining.place import Place
from tests.web.journey.diary import Leader

Phones = Callable[..., Leader]
DENIED = "Notifications are blocked for Daybook."
LOST = "This device has lost its subscription."


@pytest.fixture
def place(tmp_path: Path, migrated_sqlite: Path) -> Iterator[Place]:
    """A served study whose service pushes."""
    copy_sqlite(migrated_sqlite, tmp_path / "data")
    yield from served(make_settings(tmp_path / "data", push_contact="mailto:help@example.org"))


def state(page: Page, how: str) -> None:
    """Wait until the screen says that push stands like this."""
    expect(page.locator(f"[data-push={how}]")).to_be_visible()


def test_what_the_leader_has_blocked_is_said_and_has_no_switch(place: Place, leader: Phones) -> None:
    leo = leader(place).has_joined().is_ready_for_no_network()
    leo.context.grant_permissions([], origin=place.address)
    leo.goes("/reminders").reads(DENIED)
    state(leo.page, "denied")
    expect(leo.page.get_by_role("button", name="Switch on here")).to_have_count(0)


def test_a_subscription_that_is_lost_is_said_and_can_be_switched_on_again(
    place: Place, leader: Phones
) -> None:
    leo = leader(place).has_joined().is_ready_for_no_network()
    leo.context.grant_permissions(["notifications"], origin=place.address)
    leo.goes("/reminders").sees("Reminders")
    state(leo.page, "off")
    leo.module("store/account", "m.save({ push: { key: 'an older key' } })")
    leo.goes("/").sees("Today").goes("/reminders").reads(LOST)
    state(leo.page, "lost")
    leo.tap("Switch on here")  # no push service answers here: it stays as it is, and the screen too
    state(leo.page, "lost")
    expect(leo.page.get_by_role("button", name="Switch on here")).to_be_enabled()
