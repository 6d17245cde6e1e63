"""The study publishes a new version: Leo reads it when he has a moment, and nothing is blocked meanwhile."""

from collections.abc import Callable

from playwright.sync_api import expect

from tests.web.joining.phone import Phone
from tests.web.joining.place import Place

Phones = Callable[..., Phone]


def test_a_new_version_is_read_and_answered(either_place: Place, phone: Phones) -> None:
    leo = phone(either_place).joins()
    either_place.new_form()
    leo.open().sees("Today").settles(
        "store/account", "m.read().then((kept) => kept.documents.some((one) => one.version === 2))"
    )
    leo.open("#/read").sees("The study's information has changed").reads("Version 2")
    assert not leo.page.get_by_role("radio", checked=True).count(), "no answer is carried over"
    leo.answers("I have read the new information.", "Yes").answers("My entries may be shared.", "No")
    leo.tap("Save my answers").sees("Today")
    assert either_place.consents() == [{"read": True, "share": False}]
    me = leo.page.evaluate("async () => (await fetch('/v1/me')).json()")
    assert (me["consent_version"], me["sharing"]) == (2, False)


def test_sharing_is_changed_without_a_new_version(place: Place, phone: Phones) -> None:
    leo = phone(place).joins().open("#/read").sees("Place leadership")
    expect(leo.page.get_by_role("radio", checked=True)).to_have_count(3)
    leo.answers("My entries may be part of", "No").tap("Save my answers").sees("Today")
    assert place.consents() == [{"read": True, "take_part": True, "share": False}]


def test_without_a_connection_the_answers_stay(place: Place, phone: Phones) -> None:
    leo = phone(place).joins()
    place.new_form()
    leo.open().settles(
        "store/account", "m.read().then((kept) => kept.documents.some((one) => one.version === 2))"
    )
    leo.open("#/read").answers("I have read the new information.", "Yes").answers(
        "My entries may be shared.", "Yes"
    )
    leo.context.set_offline(True)
    leo.tap("Save my answers").reads("No connection.")
    leo.context.set_offline(False)
    leo.killed().open("#/read")
    expect(leo.page.get_by_role("radio", checked=True)).to_have_count(2)
    leo.tap("Save my answers").sees("Today")
    assert place.consents() == [{"read": True, "share": True}]
