"""Every screen of this folder on small and large phones: axe finds nothing, nothing is wider than the screen."""

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]  # shipped without types

from tests.web.about.phone import Phone, entry, followed

SCREENS = ["/insights", "/settings", "/help", "/accessibility"]
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
QUALITIES: dict[str, dict[str, Any]] = {
    "light": {"color_scheme": "light"},
    "dark": {"color_scheme": "dark"},
    "forced colours": {"forced_colors": "active"},
    "small": {"viewport": {"width": 320, "height": 640}},
}


def full(phone: Phone) -> Phone:
    """Ten decisions, each followed up."""
    decisions = [
        entry(days=days * 3, answers={"lpip_theme": ["professional_standards"]}) for days in range(10)
    ]
    return phone.record(*decisions, *(followed(one, "better") for one in decisions))


@pytest.mark.parametrize("quality", QUALITIES)
def test_axe_finds_nothing(phone_of: Callable[..., Phone], quality: str) -> None:
    phone = phone_of(**QUALITIES[quality])
    width = phone.page.viewport_size["width"] if phone.page.viewport_size else 0
    # As tall as the page: what the bar of tabs covers could be scrolled to.
    phone.page.set_viewport_size({"width": width, "height": 6000})
    look_closely(phone)
    look_closely(full(phone))


def look_closely(phone: Phone) -> None:
    """Let axe look at every screen, with everything opened."""
    for path in SCREENS:
        phone.look(path)
        unfold(phone)
        found = Axe().run(phone.page, options={"runOnly": WCAG})
        assert found.violations_count == 0, f"{path} {found.generate_report()}"
        assert len(found.response["passes"]) > 10, "axe looked"


def unfold(phone: Phone) -> None:
    """Open everything that can be opened."""
    phone.page.evaluate("() => document.querySelectorAll('details').forEach((one) => (one.open = true))")


@pytest.mark.parametrize("width", [320, 390, 768])
def test_nothing_is_wider_than_the_screen(phone_of: Callable[..., Phone], width: int) -> None:
    """With the text twice as large, and every list opened."""
    phone = full(phone_of(viewport={"width": width, "height": 640}))
    for path in SCREENS:
        phone.look(path)
        phone.enlarge()
        unfold(phone)
        assert phone.overflow() <= 0, path


def test_everything_is_reached_by_the_keyboard(phone: Phone) -> None:
    """From the top of Insights to its lists, and one opens."""
    screen = full(phone).look("/insights")
    for _ in range(12):
        phone.page.keyboard.press("Tab")
        if phone.page.evaluate("() => document.activeElement.tagName") == "SUMMARY":
            break
    phone.page.keyboard.press("Enter")
    screen.locator("details[open] dd").first.wait_for()


def test_what_can_be_pressed_is_large(phone: Phone) -> None:
    for path in SCREENS:
        for one in full(phone).look(path).locator(".choice, summary, .row").all():
            box = one.bounding_box()
            assert box
            assert box["height"] >= 48, path
