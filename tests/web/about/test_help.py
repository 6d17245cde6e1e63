"""Help and the accessibility statement: also for who has not joined yet."""

import pytest
from playwright.sync_api import Browser

from tests.web.about.phone import DIARY, Phone
from tests.web.browsing import PHONE


def test_every_question_has_an_answer(phone: Phone) -> None:
    screen = phone.look("/help")
    for question in screen.locator("summary").all():
        question.click()
    assert screen.locator("details[open]").count() == 12
    for answer in screen.locator("details > p:first-of-type").all():
        assert 30 < len(answer.inner_text()) < 260


def test_an_answer_leads_on(phone: Phone) -> None:
    screen = phone.look("/help")
    screen.get_by_text("Was my entry sent?").click()
    screen.get_by_role("link", name="Past entries").click()
    screen.get_by_role("heading", name="Past entries").wait_for()


def test_what_the_diary_does_not_offer_is_not_promised(phone: Phone) -> None:
    """A diary without the question about keeping an entry out."""
    others = [one for one in DIARY["questions"] if one["key"] != "keep_out"]
    phone.run("(await load('store/instruments')).put(given)", DIARY | {"questions": others})
    assert "keep an entry out" not in phone.look("/help").inner_text()


@pytest.mark.parametrize(("path", "title"), [("/help", "Help"), ("/accessibility", "Accessibility")])
def test_who_has_not_joined_reads_it_too(browser: Browser, address: str, path: str, title: str) -> None:
    """Nothing there leads to a screen that needs an account."""
    context = browser.new_context(**PHONE)
    screen = Phone(context.new_page(), address).look(path)
    assert screen.get_by_role("heading", level=1).inner_text() == title
    assert [one.get_attribute("href") for one in screen.get_by_role("link").all()] == ["#/join"]
    context.close()


def test_the_statement_says_what_is_not_known(phone: Phone) -> None:
    text = phone.look("/accessibility").inner_text()
    assert "version 2.2, level AA" in text
    assert "No people with disabilities have tested it yet" in text
