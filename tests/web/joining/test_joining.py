"""Leo joins: he types his code, reads, answers each statement himself, and is in once, whatever gets lost."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.web.joining.phone import Phone
from tests.web.joining.place import Place

Phones = Callable[..., Phone]
INVALID = "This code is not valid. Check it, or ask for a new one."


def test_leo_joins_by_tap(either_place: Place, phone: Phones) -> None:
    leo = phone(either_place).joins()
    me = leo.account()["me"]
    assert (me["status"], me["consent_version"], me["sharing"]) == ("enrolled", 1, True)
    leo.fills_in_profile().tap("Save").sees("Put Daybook on your home screen")
    assert [one["status"] for one in either_place.participants()] == ["enrolled"]
    assert either_place.profile_of(leo.me)["role_tier"] == "chief_executive_or_equivalent"
    assert leo.errors == []


def test_leo_joins_by_keyboard_alone(place: Place, phone: Phones) -> None:
    leo = phone(place).open().sees("Join with your code")
    press = leo.page.keyboard.press

    def reach(name: str) -> None:
        for _ in range(40):
            press("Tab")
            if leo.page.evaluate("() => document.activeElement.textContent.trim()") == name:
                return
        raise AssertionError(f"No way to {name} by the Tab key.")

    leo.page.get_by_role("textbox").focus()
    leo.page.keyboard.type(place.world.invite())
    press("Enter")
    leo.sees("Place leadership")
    for _ in range(3):
        for _ in range(20):
            press("Tab")
            if leo.page.evaluate("() => document.activeElement.type") == "radio":
                break
        press("Space")
    reach("Join the study")
    press("Enter")
    leo.sees("About you")
    assert leo.account()["me"]["sharing"]


def test_a_link_fills_the_code_in_and_enrols_nobody(place: Place, phone: Phones) -> None:
    code = place.world.invite()
    leo = phone(place).open(f"#join={code}").sees("Join with your code")
    assert leo.page.get_by_role("textbox").input_value() == code
    assert [one["status"] for one in place.participants()] == ["invited"]
    leo.tap("Continue").sees("Place leadership")
    assert [one["status"] for one in place.participants()] == ["invited"]
    assert not leo.page.get_by_role("radio", checked=True).count(), "nothing is answered beforehand"


def test_a_code_is_forgiven_how_it_is_typed(place: Place, phone: Phones) -> None:
    code = place.world.invite()
    for typed in (
        code.lower(),
        f"  {code.replace('-', ' ')} ",
        code.replace("-", ""),
        f"{place.address}/#join={code}",
    ):
        phone(place).open().types(typed).tap("Continue").sees("Place leadership")


def test_a_wrong_a_short_and_a_used_code_are_said_beside_the_field(place: Place, phone: Phones) -> None:
    leo = phone(place).open().tap("Continue").reads("Enter the code first.")
    leo.types("AB").tap("Continue").reads("This code is too short.")
    leo.types("AAAA-BBBB-CCCC").tap("Continue").reads(INVALID)
    field = leo.page.get_by_role("textbox")
    expect(field).to_be_focused()
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_have_accessible_description(
        f"Such as 7KQ2-M9TX-4HPD. Capitals, spaces and dashes do not matter. {INVALID}"
    )
    code = place.world.invite()
    phone(place).joins(code)
    leo.types(code).tap("Continue").reads(INVALID)


def test_a_required_statement_cannot_be_declined_and_sharing_can(place: Place, phone: Phones) -> None:
    leo = phone(place).open().types(place.world.invite()).tap("Continue").sees("Place leadership")
    leo.tap("Join the study").reads("Please answer yes or no.")
    expect(leo.page.get_by_role("alert")).to_be_focused()
    leo.consents(sharing=False).answers("I agree to take part", "No")
    leo.tap("Join the study").reads("Taking part needs a yes here.")
    assert [one["status"] for one in place.participants()] == ["invited"]
    leo.answers("I agree to take part", "Yes").tap("Join the study").sees("About you")
    assert not leo.account()["me"]["sharing"]
    assert place.consents() == [{"read": True, "take_part": True, "share": False}]


def test_answers_stay_when_the_browser_is_killed_while_reading(place: Place, phone: Phones) -> None:
    leo = phone(place).open().types(place.world.invite()).tap("Continue").sees("Place leadership").consents()
    leo.page.wait_for_function("() => document.querySelectorAll('input:checked').length === 3")
    leo.killed().open().sees("Place leadership")
    expect(leo.page.get_by_role("radio", checked=True)).to_have_count(3)


@pytest.mark.parametrize("how", ["lost", "killed"])
def test_a_lost_answer_is_repeated_and_leo_is_one_participant(
    either_place: Place, phone: Phones, how: str
) -> None:
    place = either_place
    leo = phone(place).open().types(place.world.invite()).tap("Continue").sees("Place leadership").consents()
    (place.network.lost if how == "lost" else place.network.held).add("/v1/join")
    leo.tap("Join the study")
    place.network.wait_for("/v1/join")
    (enrolled,) = place.participants()
    assert enrolled["status"] == "enrolled", "the service has done it"
    if how == "lost":
        leo.reads("It will not be done twice.")
    place.network.lost.clear()
    place.network.held.clear()
    leo.killed().open().sees("Place leadership").reads("It will not be done twice.")
    leo.tap("Join the study").sees("About you")
    assert leo.me == enrolled["id"]
    assert len(place.consents()) == 1
    assert leo.page.evaluate("async () => (await fetch('/v1/me')).status") == 200


def test_a_form_that_changed_meanwhile_is_read_again(place: Place, phone: Phones) -> None:
    leo = phone(place).open().types(place.world.invite()).tap("Continue").sees("Place leadership").consents()
    place.new_form()
    leo.tap("Join the study").reads("The form has changed since you read it").reads("Version 2")
    leo.answers("I have read the new information.", "Yes").answers("My entries may be shared.", "Yes")
    leo.tap("Join the study").sees("About you")
    assert leo.account()["me"]["consent_version"] == 2


def test_without_a_connection_nothing_is_lost_and_it_is_said(place: Place, phone: Phones) -> None:
    leo = phone(place).open().types(place.world.invite())
    leo.context.set_offline(True)
    leo.tap("Continue").reads("No connection.")
    leo.context.set_offline(False)
    leo.tap("Continue").sees("Place leadership").consents()
    leo.context.set_offline(True)
    leo.tap("Join the study").reads("It will not be done twice.")
    leo.context.set_offline(False)
    leo.tap("Join the study").sees("About you")
    assert [one["status"] for one in place.participants()] == ["enrolled"]


def test_where_a_study_has_two_languages_leo_chooses_first(place: Place, phone: Phones) -> None:
    place.speaks("en", "fr")
    leo = phone(place).open().types(place.world.invite()).tap("Continue").sees("Choose your language")
    leo.tap("Français").sees("Place leadership").reads("information in fr")
    assert leo.page.get_by_text("information in fr").locator("xpath=..").get_attribute("lang") == "fr"
    leo.tap("Choose another language").sees("Choose your language").tap("English").reads("information in en")
    leo.answers("I agree, en.", "Yes").tap("Join the study").sees("About you")
    assert leo.account()["preferences"]["language"] == "en"


def test_on_an_iphone_the_home_screen_comes_first(place: Place, phone: Phones) -> None:
    agent = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) Version/17.4 Mobile/15E148 Safari/604.1"
    leo = phone(place, user_agent=agent).open()
    leo.page.get_by_text("put Daybook on the home screen first").tap()
    leo.reads("shares nothing with Safari").reads("Add to Home Screen")
