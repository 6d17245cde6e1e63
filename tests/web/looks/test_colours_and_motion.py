"""Mia's system decides the colours, and she asked for less motion: what is chosen and where she is can be seen."""

from collections.abc import Iterator

import pytest

from tests.web.looks.filled import Looked
from tests.web.looks.looking import axe
from tests.web.looks.sweeping import TALL, all_of, sweep

_LOOKS = """(one) => {
  const { outlineStyle, outlineWidth, outlineColor, borderColor, borderWidth, boxShadow } = getComputedStyle(one);
  return [outlineStyle, outlineWidth, outlineColor, borderColor, borderWidth, boxShadow].join(" ");
}"""

_MOVING = """() => {
  const takesTime = (times) => times.split(",").some((one) => parseFloat(one) > 0);
  const style = (one) => getComputedStyle(one);
  const moves = (one) => takesTime(style(one).transitionDuration) || takesTime(style(one).animationDuration);
  return [...document.querySelectorAll("*")].filter(moves).map((one) => one.outerHTML.slice(0, 100));
}"""


@pytest.fixture
def forced(filled: Looked) -> Iterator[Looked]:
    """Leo's phone, in the colours of its system."""
    filled.page.set_viewport_size({"width": 390, "height": TALL})
    filled.page.emulate_media(forced_colors="active")
    yield filled
    filled.page.emulate_media(forced_colors="none")


def test_axe_finds_nothing_in_forced_colours(forced: Looked) -> None:
    sweep(forced, all_of(forced), axe)


@pytest.mark.parametrize(
    "path", ["/entry/{decision begun}/all", "/entry/{decision begun}/setting", "/settings"]
)
def test_a_choice_that_is_made_looks_different(forced: Looked, path: str) -> None:
    forced.look(path.format_map(forced.ids))
    chosen = forced.page.locator(".choice:has(input:checked)").first
    other = forced.page.locator(".choice:not(:has(input:checked))").first
    assert chosen.evaluate(_LOOKS) != other.evaluate(_LOOKS)


@pytest.mark.parametrize("path", ["/entry/{decision begun}/all", "/settings"])
def test_where_the_focus_is_can_be_seen(forced: Looked, path: str) -> None:
    """Also on a choice that is made: the ring is another one than that of being chosen."""
    forced.look(path.format_map(forced.ids))
    chosen = forced.page.locator(".choice:has(input:checked)").first
    before = chosen.evaluate(_LOOKS)
    forced.page.keyboard.press("Tab")
    chosen.locator("input").focus()
    assert chosen.evaluate(_LOOKS) != before


def test_nothing_moves_for_who_wants_less_motion(filled: Looked) -> None:
    filled.page.emulate_media(reduced_motion="reduce")
    for path in all_of(filled):
        filled.look(path)
        moving = filled.page.evaluate(_MOVING)
        assert moving == [], path
    filled.page.emulate_media(reduced_motion="no-preference")
    filled.look("/")
    assert filled.page.evaluate(_MOVING), "the others see buttons change softly"
