"""What is looked at on a screen: each gives what is wrong with it, in words."""

from typing import Any

from axe_playwright_python.base import AXE_SCRIPT  # type: ignore[import-untyped]  # shipped without types
from playwright.sync_api import Page

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"]
_AXE = """async (rules) => {
  const { violations, passes } = await axe.run(document, { runOnly: rules, resultTypes: ["violations"] });
  if (passes.length < 10) return ["axe saw next to nothing"];
  return violations.flatMap(({ id, nodes }) => nodes.map((one) => `${id}: ${one.html} ${one.failureSummary}`));
}"""
_SMALL = """() => {
  const words = (one) => one.textContent.trim();
  const inProse = (one) => one.matches("p a") && words(one.parentElement) !== words(one);
  const target = (one) => one.closest("label.choice") ?? one;
  const pressed = [...document.querySelectorAll("a, button, input, textarea, select, summary, label.choice")];
  const shown = pressed.filter((one) => one.checkVisibility({ checkOpacity: false }) && !inProse(one));
  const heights = shown.map((one) => [target(one), target(one).getBoundingClientRect().height]);
  const least = (one) => (one.matches(".button, .choice, .row, .tabs a, input, textarea, summary") ? 48 : 44);
  const small = heights.filter(([one, height]) => height < least(one));
  return small.map(([one, height]) => `${height} px: ${one.outerHTML.slice(0, 160)}`);
}"""
_WIDE = """() => {
  const isWide = (one) => one.getBoundingClientRect().right > innerWidth + 0.5;
  const width = document.documentElement.scrollWidth;
  if (width <= innerWidth) return [];
  const wide = [...document.querySelectorAll("body *")].filter(isWide).slice(0, 3);
  return [`${width} px`, ...wide.map((one) => one.outerHTML.slice(0, 160))];
}"""
_STRUCTURE = """() => {
  const titles = [...document.querySelectorAll("h1")].filter((one) => one.checkVisibility());
  const wrong = titles.length === 1 ? [] : [`${titles.length} headings of level 1`];
  if (!document.title.trim()) wrong.push("no title");
  if (document.activeElement === document.body) wrong.push("the focus is lost");
  return wrong;
}"""


def unfold(page: Page) -> None:
    """Open everything that can be opened."""
    page.evaluate("() => document.querySelectorAll('details').forEach((one) => (one.open = true))")


def axe(page: Page) -> list[str]:
    """Let axe look: what it finds."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    return _told(page.evaluate(_AXE, RULES))


def too_small(page: Page) -> list[str]:
    """Find what can be pressed but is less than 44 pixels high, or 48 where the design says so."""
    return _told(page.evaluate(_SMALL))


def too_wide(page: Page) -> list[str]:
    """Find what makes the page wider than the screen."""
    return _told(page.evaluate(_WIDE))


def misbuilt(page: Page) -> list[str]:
    """Find whether there is one heading and a title, and where the focus is."""
    return _told(page.evaluate(_STRUCTURE))


def _told(found: Any) -> list[str]:
    return [str(one) for one in found]
