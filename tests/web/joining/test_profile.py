"""Leo says who he is: on one page, at once or later, with or without a connection."""

from collections.abc import Callable

from playwright.sync_api import expect

from tests.web.joining.phone import Phone
from tests.web.joining.place import Place

Phones = Callable[..., Phone]


def test_only_what_is_required_is_asked_for_and_each_gap_is_named(place: Place, phone: Phones) -> None:
    leo = phone(place).joins().tap("Save")
    summary = leo.page.get_by_role("alert").first
    expect(summary).to_be_focused()
    expect(summary.get_by_role("button")).to_have_count(4)
    leo.fills_in_profile().tap("Save").sees("Put Daybook on your home screen")
    stored = place.profile_of(leo.me)
    assert stored["sector"] == "local_gov"
    assert (stored["language"], stored["time_zone"]) == ("en", "Europe/London"), (
        "the phone knows these itself"
    )


def test_what_does_not_apply_is_not_asked(place: Place, phone: Phones) -> None:
    leo = phone(place).joins()
    leo.page.get_by_text("Add more, if you like").tap()
    region = leo.page.get_by_role("heading", name="Which region is it in?")
    expect(region).to_be_visible()
    leo.answers("Which country is it in?", "Outside the UK")
    expect(region).to_be_hidden()


def test_without_a_connection_it_is_kept_said_and_sent_later(place: Place, phone: Phones) -> None:
    leo = phone(place).joins().fills_in_profile()
    leo.context.set_offline(True)
    leo.tap("Save").reads("No connection. Your answers are kept on this phone")
    assert place.profile_of(leo.me) == {}
    leo.context.set_offline(False)
    leo.killed().open("#/profile").settles("store/account", "m.read().then((kept) => !kept.profile_waiting)")
    assert place.profile_of(leo.me)["sector"] == "local_gov"


def test_half_a_profile_is_there_again_after_a_kill(place: Place, phone: Phones) -> None:
    leo = phone(place).joins().answers("Which sector do you work in?", "Third sector")
    leo.page.wait_for_function("() => document.querySelector('input:checked') !== null")
    leo.killed().open("#/profile").sees("About you")
    expect(leo.page.get_by_role("radio", name="Third sector")).to_be_checked()


def test_it_can_wait(place: Place, phone: Phones) -> None:
    leo = phone(place).joins().tap("Later").sees("Put Daybook on your home screen")
    leo.tap("Go to Today").sees("Today")


def test_it_is_changed_later(place: Place, phone: Phones) -> None:
    leo = phone(place).joins().fills_in_profile().tap("Save").sees("Put Daybook on your home screen")
    leo.open("#/profile").sees("About you").answers("Which sector do you work in?", "Third sector")
    leo.tap("Save")
    leo.page.wait_for_function("() => location.hash === '#/settings'")
    assert place.profile_of(leo.me)["sector"] == "third_sector"
