"""Leo opens his diary on a second phone by a code, signs phones out, and nobody's diary meets another's."""

from collections.abc import Callable

from playwright.sync_api import expect

from tests.web.joining.phone import Phone
from tests.web.joining.place import Place

Phones = Callable[..., Phone]
ANOTHERS = "This code belongs to another person's diary."


def code_of(leo: Phone) -> str:
    """Let a phone show a code for another one."""
    leo.open("#/devices").sees("Devices").tap("Show a code").reads("Valid for 10 more minutes")
    return leo.page.locator("p.code").inner_text()


def test_a_second_phone_opens_the_same_diary(either_place: Place, phone: Phones) -> None:
    leo = phone(either_place).joins()
    leo.writes("Whether to open the library on Sundays")
    code = code_of(leo.sent())
    second = phone(either_place).open().tap("I already take part, on another phone or computer")
    second.sees("Sign in with a code").types(code.lower()).tap("Sign in").sees("Today")
    assert second.me == leo.me
    second.sent().open("#/past").reads("Whether to open the library on Sundays")
    expect(leo.open("#/devices").page.locator(".list > li")).to_have_count(2)
    assert leo.page.get_by_text("This device", exact=True).count() == 1


def test_a_wrong_code_is_said_beside_the_field(place: Place, phone: Phones) -> None:
    leo = (
        phone(place).open("#/sign-in").types("AAAA-BBBB-CCCC").tap("Sign in").reads("This code is not valid.")
    )
    expect(leo.page.get_by_role("textbox")).to_be_focused()
    assert not leo.account().get("signing")


def test_a_lost_answer_signs_the_second_phone_in_once(place: Place, phone: Phones) -> None:
    leo = phone(place).joins()
    second = phone(place).open("#/sign-in").types(code_of(leo))
    place.network.lost.add("/v1/session/code")
    second.tap("Sign in").reads("No answer came.")
    place.network.heal()
    second.tap("Sign in").sees("Today")
    assert second.me == leo.me
    expect(leo.open("#/devices").page.locator(".list > li")).to_have_count(2)


def test_a_phone_that_is_killed_while_it_signs_in_finds_out_whose_it_is(place: Place, phone: Phones) -> None:
    leo = phone(place).joins()
    second = phone(place).open("#/sign-in").types(code_of(leo))
    place.network.lost.add("/v1/me")
    second.tap("Sign in").reads("No answer came.")
    second.killed().open().sees("Sign in with a code").reads("Signing in was interrupted")
    place.network.heal()
    second.killed().open("#/sign-in").page.wait_for_function("() => document.querySelector('h1') !== null")
    assert second.me == leo.me


def test_another_phone_is_signed_out_from_here(place: Place, phone: Phones) -> None:
    leo = phone(place).joins()
    second = phone(place).open("#/sign-in").types(code_of(leo)).tap("Sign in").sees("Today")
    leo.open("#/devices").page.get_by_role("button", name="Sign out:").tap()
    expect(leo.page.locator(".list > li")).to_have_count(1)
    second.open().sees("This phone is signed out")


def test_signing_out_here_removes_the_diary_when_all_is_sent(place: Place, phone: Phones) -> None:
    leo = phone(place).joins()
    leo.writes("Whether to open the library on Sundays")
    leo.sent().open("#/devices").tap("Sign out").sees("Join with your code")
    assert leo.module("store/entries", "m.all()") == []
    assert leo.page.evaluate("async () => (await fetch('/v1/me')).status") == 401


def test_signing_out_with_unsent_entries_is_asked_and_they_are_sent_after_signing_in_again(
    place: Place, phone: Phones
) -> None:
    leo = phone(place).joins()
    other = phone(place).open("#/sign-in").types(code_of(leo)).tap("Sign in").sees("Today")
    place.network.away.add("/v1/sync")
    leo.writes("Whether to wait")
    leo.open("#/devices")
    leo.agree = False
    leo.tap("Sign out")
    leo.page.wait_for_function("() => !document.querySelector('[aria-disabled=true]')")
    assert "1 entry is not sent yet." in leo.asked[-1]
    assert leo.page.evaluate("async () => (await fetch('/v1/me')).status") == 200, "he said no"
    leo.agree = True
    leo.tap("Sign out").reads("What is not sent is kept on this phone")
    place.network.heal()
    leo.open().sees("This phone is signed out").reads("1 entry is not sent yet.")
    code = code_of(other)
    leo.tap("Sign in").types(code).tap("Sign in").sees("Today")
    leo.sent()
    assert place.headlines() == {"Whether to wait"}


def test_two_peoples_diaries_are_never_mixed(either_place: Place, phone: Phones) -> None:
    place = either_place
    leo, mia = phone(place).joins(), phone(place).joins()
    mine = leo.me
    place.network.away.add("/v1/sync")
    leo.writes("Whether to wait")
    leo.open("#/devices").tap("Sign out").reads("What is not sent is kept on this phone")
    place.network.heal()
    code = code_of(mia)
    leo.open("#/sign-in").types(code).tap("Sign in").reads(ANOTHERS)
    leo.open().sees("This phone is signed out").reads("1 entry is not sent yet.")
    assert leo.me == mine
    assert place.headlines() == set(), "nothing of Leo's was sent in Mia's name"
    assert leo.page.evaluate("async () => (await fetch('/v1/me')).status") == 401, "her session is over here"
    leo.open("#/join").sees("This phone is signed out")


def test_a_code_that_was_killed_on_its_way_never_sends_leos_entries_as_mias(
    place: Place, phone: Phones
) -> None:
    leo, mia = phone(place).joins(), phone(place).joins()
    place.network.away.add("/v1/sync")
    leo.writes("Whether to wait")
    leo.open("#/devices").tap("Sign out").reads("What is not sent is kept on this phone")
    place.network.heal()
    code = code_of(mia)
    place.network.lost.add("/v1/me")
    leo.open("#/sign-in").types(code).tap("Sign in").reads("No answer came.")
    leo.killed().open().sees("Sign in with a code")
    leo.module("sync/engine", "m.now()")
    assert place.headlines() == set()
    place.network.heal()
    leo.killed().open().sees("This phone is signed out").reads("1 entry is not sent yet.")
    assert place.headlines() == set()
