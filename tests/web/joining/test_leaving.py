"""Leo leaves as far as he wants, keeps the receipt, and is told what would be lost before it is."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.web.joining.phone import Phone
from tests.web.joining.place import Place

Phones = Callable[..., Phone]


def status(place: Place) -> str:
    """Return where the one participant stands."""
    (one,) = place.participants()
    return str(one["status"])


def test_stopping_the_reminders_leaves_the_rest_as_it_is(place: Place, phone: Phones) -> None:
    leo = phone(place).joins().open("#/leave").sees("Leave the study").tap("Stop the reminders")
    leo.reads("You will get no more reminders.")
    expect(leo.page.locator("#receipt")).to_be_focused()
    (one,) = place.participants()
    assert (one["status"], one["prompts_stopped"]) == ("enrolled", True)
    assert "You will get no more reminders." in leo.saves("Save the letter")
    leo.open().sees("Today")


def test_who_has_left_still_reads_and_writes_no_more(place: Place, phone: Phones) -> None:
    leo = phone(place).joins()
    leo.writes("Whether to open the library on Sundays")
    leo.sent().open("#/leave").tap("Leave the study").reads("You have left the study.")
    assert status(place) == "withdrawn"
    leo.open().sees("You have left this study").tap("See the receipt").reads("Nothing new is stored")
    leo.open("#/past").sees("Past entries").reads("Whether to open the library on Sundays")
    leo.open("#/data").tap("Prepare my file").reads("Your file is ready.")


def test_an_erasure_shows_and_keeps_its_receipt_before_the_copy_goes(
    either_place: Place, phone: Phones
) -> None:
    leo = phone(either_place).joins()
    leo.writes("Whether to open the library on Sundays")
    leo.sent().open("#/leave").tap("Erase everything").reads("what you gave us has been erased")
    assert either_place.headlines() == set()
    leo.killed().open("#/leave").reads("what you gave us has been erased")
    assert "1 diary entry" in leo.saves("Save the letter")
    leo.tap("I have kept it. Delete the diary from this phone").sees("Join with your code")
    assert "me" not in leo.account()
    assert leo.module("store/entries", "m.all()") == []


@pytest.mark.parametrize("scope", ["Leave the study", "Erase everything"])
def test_what_is_not_sent_is_named_first(place: Place, phone: Phones, scope: str) -> None:
    leo = phone(place).joins()
    place.network.lost.add("/v1/sync")
    leo.writes("Whether to wait")
    leo.open("#/leave")
    leo.agree = False
    leo.tap(scope)
    leo.page.wait_for_function("() => !document.querySelector('[aria-disabled=true]')")
    assert "1 entry is not sent yet." in leo.asked[0]
    assert status(place) == "enrolled"
    assert leo.module("store/outbox", "m.count()")["unsent"] == 1


@pytest.mark.parametrize("scope", ["Leave the study", "Erase everything"])
def test_a_lost_answer_is_asked_for_again_and_the_receipt_is_the_same(
    either_place: Place, phone: Phones, scope: str
) -> None:
    leo = phone(either_place).joins().open("#/leave")
    either_place.network.lost.add("/v1/me/withdrawal")
    leo.tap(scope).reads("it will not be done twice")
    assert status(either_place) == "withdrawn"
    either_place.network.lost.clear()
    leo.killed().open("#/leave").reads("it will not be done twice").tap(scope)
    expect(leo.page.locator("#receipt")).to_be_visible()
    (receipt,) = leo.account()["receipts"]
    given = either_place.world.olivia.get(
        f"{either_place.world.path}/participants/{leo.me}/withdrawals"
    ).json()
    assert [one["id"] for one in given] == [receipt["id"]]


def test_without_a_connection_nothing_is_done_and_it_is_said(place: Place, phone: Phones) -> None:
    leo = phone(place).joins().open("#/leave")
    leo.context.set_offline(True)
    leo.tap("Erase everything").reads("No answer came.")
    assert status(place) == "enrolled"
