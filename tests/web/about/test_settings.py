"""Leah's settings: each change is on the phone before she leaves the page."""

from playwright.sync_api import Locator

from tests.web.about.phone import DIARY, ME, Phone, entry


def chosen(screen: Locator) -> list[str]:
    """The ids of what is chosen."""
    return [str(one.get_attribute("id")) for one in screen.locator("input:checked").all()]


def test_a_change_is_kept_at_once_and_said(phone: Phone) -> None:
    screen = phone.look("/settings")
    assert chosen(screen) == ["language-en", "layout-page", "writer-self"]
    screen.get_by_label("One question at a time").check()
    said = phone.page.locator("#announcer")
    said.get_by_text("One question at a time: kept").wait_for()
    screen.get_by_label("My assistant, for me").check()
    said.get_by_text("My assistant, for me: kept").wait_for()
    assert chosen(phone.look("/settings")) == ["language-en", "layout-pages", "writer-assistant_on_behalf"]


def test_what_was_chosen_is_how_the_next_entry_begins(phone: Phone) -> None:
    screen = phone.look("/settings")
    screen.get_by_label("One question at a time").check()
    screen.get_by_label("My assistant, for me").check()
    phone.page.locator("#announcer").get_by_text("My assistant, for me: kept").wait_for()
    phone.page.get_by_role("link", name="Today").click()
    phone.page.get_by_role("link", name="A decision").click()
    phone.page.wait_for_function("() => /^#.entry.[^/]+.setting$/.test(location.hash)")
    draft = phone.run("(await load('store/drafts')).all()")[0]
    assert draft["entered_by"] == "assistant_on_behalf"


def test_two_changes_in_a_moment_are_both_kept(phone: Phone) -> None:
    phone.look("/settings")
    phone.run(
        "for (const id of ['layout-pages', 'writer-assistant_on_behalf']) document.getElementById(id).click();"
    )
    phone.page.locator("#announcer").get_by_text("My assistant, for me: kept").wait_for()
    assert chosen(phone.look("/settings")) == ["language-en", "layout-pages", "writer-assistant_on_behalf"]


def test_another_language_is_spoken_at_once_and_after_a_start(phone: Phone) -> None:
    """The focus stays where it was."""
    screen = phone.look("/settings")
    screen.get_by_label("Cymraeg").check()
    screen.get_by_role("heading", name="Gosodiadau").wait_for()
    assert phone.page.evaluate("() => [document.activeElement.id, document.documentElement.lang]") == [
        "language-cy",
        "cy",
    ]
    assert phone.look("/settings").get_by_role("heading", level=1).inner_text() == "Gosodiadau"
    phone.page.locator("#language-en").check()
    screen.get_by_role("heading", name="Settings", exact=True).wait_for()


def test_a_language_that_only_the_study_speaks_says_so(phone: Phone) -> None:
    phone.run(
        "(await load('store/instruments')).put(given)", DIARY | {"version": 2, "languages": ["en", "fr"]}
    )
    screen = phone.look("/settings")
    french = screen.locator("#language-fr")
    assert french.evaluate("(it) => it.labels[0].innerText").startswith("français")
    french.check()
    phone.page.locator("#announcer").get_by_text("français: kept").wait_for()
    assert phone.page.evaluate("() => document.documentElement.lang") == "en"


def test_a_study_in_one_language_asks_nothing(phone: Phone) -> None:
    phone.run("(await load('store/account')).save({me: given})", ME | {"languages": ["en"]})
    assert phone.look("/settings").get_by_role("heading", name="Language").count() == 0


def test_the_way_to_everything_else(phone: Phone) -> None:
    screen = phone.look("/settings")
    found = [one.get_attribute("href") for one in screen.get_by_role("link").all()]
    assert found == [
        f"#/{one}"
        for one in [
            "reminders",
            "profile",
            "devices",
            "data",
            "read",
            "install",
            "help",
            "accessibility",
            "leave",
        ]
    ]


def test_the_version_and_when_the_server_answered(phone: Phone) -> None:
    text = phone.record(entry()).look("/settings").inner_text()
    build = phone.page.locator("meta[name=daybook-build]").get_attribute("content") or ""
    assert f"Version {build[:8]}" in text
    assert "The server has not been reached since this page was opened." in text
    reached = phone.run(
        "(await load('screens/settings')).reachedWords({last_answer: new Date().setHours(9, 5)})"
    )
    assert reached == "Last reached the server: 09:05"
